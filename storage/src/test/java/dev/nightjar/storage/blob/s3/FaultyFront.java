package dev.nightjar.storage.blob.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before an object store and passes on what it and its clients say, but for some requests, which fare badly: from a chosen number on, as many as are asked for.
 * Thread-safe.
 */
public final class FaultyFront implements AutoCloseable {

    /** How a request fares. */
    public enum Fault {
        /** The store answers 500 and has done nothing. */
        ERROR_500,
        /** The store is busy: 503 SlowDown. */
        SLOW_DOWN,
        /** The store is busy: 429. */
        TOO_MANY,
        /** The connection is reset before the store hears of it. */
        RESET_BEFORE,
        /** The store has done it, and the connection is reset before the client hears of it. */
        RESET_AFTERWARDS,
        /** Half of the answer comes, then the connection ends. */
        HALF_AN_ANSWER,
        /** The store has done it, and the answer never comes. */
        SILENCE,
        /** The answer comes a byte at a time. */
        TRICKLE
    }

    private static final int TRICKLE_MILLIS = 2;

    private final URI store;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Integer> puts = new ArrayList<>();
    private int seen;
    private int from;
    private int count;
    private int injected;
    private Fault fault = Fault.ERROR_500;

    private FaultyFront(URI store) throws IOException {
        this.store = store;
        listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    /** Opens one. */
    public static FaultyFront before(URI store) {
        try {
            return new FaultyFront(store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients find it. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /**
     * From here on requests are counted.
     *
     * @param first the number of the first that fares badly, from 1; 0 for none
     * @param many how many fare badly from that one on
     */
    public synchronized void arm(int first, int many, Fault how) {
        seen = 0;
        puts.clear();
        from = first;
        count = many;
        fault = how;
        injected = 0;
    }

    /** All is well again; returns how many requests fared badly. */
    public synchronized int disarm() {
        from = 0;
        return injected;
    }

    /** The numbers of those requests that put something. */
    public synchronized List<Integer> puts() {
        return List.copyOf(puts);
    }

    /** How many requests there were. */
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
        open.forEach(FaultyFront::reset);
    }

    private synchronized boolean faresBadly(byte[] head) {
        seen++;
        if (text(head).startsWith("PUT ")) {
            puts.add(seen);
        }
        boolean badly = from > 0 && seen >= from && seen < from + count;
        injected += badly ? 1 : 0;
        return badly;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    /** One request after the other; the store gets a connection for each. */
    private void serve(Socket client) {
        open.add(client);
        try (client) {
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            for (byte[] head = head(in); head.length > 0; head = head(in)) {
                if (field(head, "expect") != null) {
                    out.write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
                }
                byte[] body = in.readNBytes(length(head));
                if (!answer(client, out, head, body)) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client is gone.
        } finally {
            open.remove(client);
        }
    }

    /** False if the connection is over. */
    private boolean answer(Socket client, OutputStream out, byte[] head, byte[] body) throws IOException {
        if (!faresBadly(head)) {
            out.write(ask(head, body));
            return true;
        }
        switch (fault) {
            case ERROR_500 -> out.write(error("500 Internal Server Error", "InternalError"));
            case SLOW_DOWN -> out.write(error("503 Slow Down", "SlowDown"));
            case TOO_MANY -> out.write(error("429 Too Many Requests", "TooManyRequests"));
            case RESET_BEFORE -> reset(client);
            case RESET_AFTERWARDS -> {
                ask(head, body);
                reset(client);
            }
            case HALF_AN_ANSWER -> {
                byte[] answer = ask(head, body);
                out.write(answer, 0, answer.length - Math.max(1, (answer.length - head(answer)) / 2));
            }
            case SILENCE -> {
                ask(head, body);
                // Until the client gives up.
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            case TRICKLE -> {
                trickle(out, ask(head, body));
                return true;
            }
        }
        return fault == Fault.ERROR_500 || fault == Fault.SLOW_DOWN || fault == Fault.TOO_MANY;
    }

    private static void trickle(OutputStream out, byte[] answer) throws IOException {
        int piece = Math.max(1, answer.length / 50);
        for (int at = 0; at < answer.length; at += piece) {
            out.write(answer, at, Math.min(piece, answer.length - at));
            out.flush();
            try {
                Thread.sleep(TRICKLE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private byte[] ask(byte[] head, byte[] body) throws IOException {
        try (Socket server = new Socket(store.getHost(), store.getPort())) {
            OutputStream out = server.getOutputStream();
            out.write(ascii(text(head)
                    .replaceFirst("(?i)\r\nConnection:[^\r]*", "")
                    .replaceFirst("(?i)\r\nExpect:[^\r]*", "")
                    .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n")));
            out.write(body);
            out.flush();
            byte[] answer = server.getInputStream().readAllBytes();
            int end = head(answer);
            String kept = text(answer).substring(0, end).replaceFirst("(?i)\r\nConnection:[^\r]*", "");
            if (answer.length > end
                    && field(ascii(kept), "content-length") == null
                    && field(ascii(kept), "transfer-encoding") == null) {
                // It ended with the connection, which stays open here.
                kept = kept.replaceFirst("\r\n\r\n$", "\r\nContent-Length: " + (answer.length - end) + "\r\n\r\n");
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(ascii(kept));
            all.write(answer, end, answer.length - end);
            return all.toByteArray();
        }
    }

    private static byte[] error(String status, String code) {
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code + "</Code></Error>";
        return ascii("HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toByteArray();
            }
        }
        return new byte[0];
    }

    private static int head(byte[] answer) {
        return text(answer).indexOf("\r\n\r\n") + 4;
    }

    private static int length(byte[] head) {
        String length = field(head, "content-length");
        return length == null ? 0 : Integer.parseInt(length);
    }

    private static String field(byte[] head, String name) {
        return text(head)
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
