package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server, on a unix socket unless told otherwise, that plays one script with each connection, in the order in which they come. Closing it waits for the
 * scripts' ends and throws what failed in them: a script's expectations count as the test's.
 */
final class ScriptedServer implements AutoCloseable {

    /** What the server does, from the accepted connection on. */
    @FunctionalInterface
    interface Script {
        void play(Peer client) throws IOException;
    }

    private final TempDirectory directory = TempDirectory.create();
    private final List<CompletableFuture<Void>> ends = new ArrayList<>();
    private final ServerSocketChannel listener;

    private ScriptedServer(boolean tcp, Script... scripts) {
        try {
            listener = tcp ? ServerSocketChannel.open() : ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(
                    tcp
                            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
                            : UnixDomainSocketAddress.of(directory.resolve("s")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Script _ : scripts) {
            ends.add(new CompletableFuture<>());
        }
        Thread.ofPlatform().daemon().name("scripted-server").start(() -> accept(scripts));
    }

    static ScriptedServer playing(Script... scripts) {
        return new ScriptedServer(false, scripts);
    }

    /** On a port of the loopback interface. */
    static ScriptedServer playingOverTcp(Script... scripts) {
        return new ScriptedServer(true, scripts);
    }

    private void accept(Script... scripts) {
        for (int i = 0; i < scripts.length; i++) {
            Script script = scripts[i];
            CompletableFuture<Void> end = ends.get(i);
            try {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().daemon().name("scripted-server-" + i).start(() -> run(client, script, end));
            } catch (AsynchronousCloseException e) {
                end.complete(null);
            } catch (IOException e) {
                end.completeExceptionally(e);
            }
        }
    }

    private static void run(SocketChannel channel, Script script, CompletableFuture<Void> end) {
        try (SocketChannel client = channel) {
            script.play(new Peer(client));
            end.complete(null);
        } catch (AsynchronousCloseException e) {
            end.complete(null);
        } catch (IOException | RuntimeException | AssertionError e) {
            end.completeExceptionally(e);
        }
    }

    NbdUri uri() {
        try {
            return listener.getLocalAddress() instanceof InetSocketAddress at
                    ? NbdUri.parse("nbd://127.0.0.1:" + at.getPort() + "/disk")
                    : NbdUri.parse("nbd+unix:///disk?socket=" + directory.resolve("s"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the script failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            assertThat(e).as("the script did not end").isNull();
        } finally {
            try {
                listener.close();
            } catch (IOException e) {
                assertThat(e).isNull();
            }
            directory.close();
        }
    }
}
