package dev.nightjar.storage.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what PostgreSQL and its clients say to each other, and intervenes once: at the commit, or the request of any kind, of a chosen number. Thread-safe.
 */
public final class WirePeer implements AutoCloseable {

    /** How to intervene. */
    public enum Cut {
        /** The connection breaks, and the server never hears of it. */
        BEFORE,
        /** The server has done it, and the connection breaks before the client hears of it. */
        AFTERWARDS,
        /** The same, and nobody reaches the server from then on. */
        AFTERWARDS_AND_GONE,
        /** The server is killed, and never hears of it. */
        KILLED_BEFORE,
        /** The server has done it, and is killed before the client hears of it. */
        KILLED_AFTERWARDS
    }

    private static final byte[] COMMIT = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

    private final int serverPort;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean gone;
    private boolean commitsOnly;
    private int number;
    private int seen;
    private Cut cut = Cut.BEFORE;
    private @Nullable Runnable meanwhile;
    private volatile @Nullable RuntimeException failure;
    private boolean done;

    private WirePeer(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    /** Listens on a port of its own. */
    public static WirePeer before(int serverPort) throws IOException {
        return new WirePeer(serverPort);
    }

    /** Where clients find it. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Breaks every connection there is; what the server is at, it goes on with. */
    public void hangUp() {
        open.forEach(WirePeer::closed);
    }

    /**
     * From here on it counts.
     *
     * @param commits whether only commits count, or whatever a client sends
     * @param at the number to intervene at, from 1; 0 for none
     * @param then done where it intervenes: kills the server if it is to be killed, or looks what the server has done that its client is not told of
     */
    public synchronized void arm(boolean commits, int at, Cut how, Runnable then) {
        commitsOnly = commits;
        number = at;
        seen = 0;
        cut = how;
        meanwhile = then;
        done = false;
    }

    /** Intervenes no more, lets everybody through, and returns whether it did intervene; throws what went wrong with what was to be done then. */
    public synchronized boolean disarm() {
        number = 0;
        gone = false;
        RuntimeException wrong = failure;
        if (wrong != null) {
            throw new IllegalStateException(wrong);
        }
        return done;
    }

    /** How many it has counted. */
    public synchronized int seen() {
        return seen;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        hangUp();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (gone) {
                    client.close();
                } else {
                    Thread.ofVirtual().start(() -> relay(client));
                }
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void relay(Socket client) {
        open.add(client);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            open.add(server);
            Conversation conversation = new Conversation(client, server);
            Thread answers = Thread.ofVirtual().start(conversation::answers);
            conversation.requests();
            closed(server);
            answers.join();
            open.remove(server);
        } catch (IOException e) {
            // Either side has gone; so does the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    /** Whether it is this one that matters, and how. */
    private synchronized @Nullable Cut count(boolean commit) {
        if (commitsOnly && !commit) {
            return null;
        }
        seen++;
        if (seen != number) {
            return null;
        }
        done = true;
        return cut;
    }

    private void meanwhile() {
        Runnable then = meanwhile;
        if (then != null) {
            try {
                then.run();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
    }

    private final class Conversation {

        private final Socket client;
        private final Socket server;
        private volatile @Nullable Cut atAnswer;

        Conversation(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() {
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = client.getInputStream();
                OutputStream out = server.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    Cut how = count(contains(buffer, length));
                    if (how == Cut.KILLED_BEFORE) {
                        meanwhile();
                    }
                    if (how == Cut.BEFORE || how == Cut.KILLED_BEFORE) {
                        closed(client);
                        return;
                    }
                    atAnswer = how;
                    out.write(buffer, 0, length);
                }
            } catch (IOException e) {
                closed(client);
            }
        }

        void answers() {
            byte[] buffer = new byte[64 * 1024];
            try {
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (atAnswer != null) {
                        gone = atAnswer == Cut.AFTERWARDS_AND_GONE;
                        if (atAnswer == Cut.KILLED_AFTERWARDS || atAnswer == Cut.AFTERWARDS) {
                            meanwhile();
                        }
                        break;
                    }
                    out.write(buffer, 0, length);
                }
            } catch (IOException e) {
                // Below.
            }
            closed(client);
            closed(server);
        }
    }

    private static boolean contains(byte[] buffer, int length) {
        for (int at = 0; at + COMMIT.length <= length; at++) {
            int same = 0;
            while (same < COMMIT.length && buffer[at + same] == COMMIT[same]) {
                same++;
            }
            if (same == COMMIT.length) {
                return true;
            }
        }
        return false;
    }

    private static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
