package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server on a unix socket that plays one script with one client. Closing it waits for the script's end and throws what
 * failed in it: a script's expectations count as the test's.
 */
final class ScriptedServer implements AutoCloseable {

    /** What the server does, from the accepted connection on. */
    @FunctionalInterface
    interface Script {
        void play(Peer client) throws IOException;
    }

    private final TempDirectory directory = TempDirectory.create();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ServerSocketChannel listener;

    private ScriptedServer(Script script) {
        try {
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("scripted-server").start(() -> run(script));
    }

    static ScriptedServer playing(Script script) {
        return new ScriptedServer(script);
    }

    private void run(Script script) {
        try (SocketChannel client = listener.accept()) {
            script.play(new Peer(client));
            end.complete(null);
        } catch (AsynchronousCloseException e) {
            end.complete(null);
        } catch (IOException | RuntimeException | AssertionError e) {
            end.completeExceptionally(e);
        }
    }

    NbdUri uri() {
        return NbdUri.parse("nbd+unix:///disk?socket=" + directory.resolve("s"));
    }

    @Override
    public void close() {
        try {
            end.get(10, TimeUnit.SECONDS);
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
