package dev.nightjar.nbd.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test after which a connection's buffer is still held. */
public final class NoLeaks implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        boolean released = Await.until(Duration.ofSeconds(3), () -> pinnedBytes() == 0);
        assertThat(released).as("all buffers released").isTrue();
    }

    /** What the pool of the connections' buffers has taken from the system. */
    public static long pooledBytes() {
        return Link.allocator().metric().usedDirectMemory();
    }

    private static long pinnedBytes() {
        return Link.allocator().pinnedDirectMemory();
    }
}
