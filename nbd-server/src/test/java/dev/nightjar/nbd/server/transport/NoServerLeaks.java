package dev.nightjar.nbd.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a class of tests after which a server's buffer is still held. */
public final class NoServerLeaks implements AfterAllCallback {

    @Override
    public void afterAll(ExtensionContext context) {
        Await.until(Duration.ofSeconds(5), () -> pinnedBytes() == 0);
        assertThat(pinnedBytes()).as("bytes of buffers not released").isZero();
    }

    private static long pinnedBytes() {
        return ServerBuffers.allocator().pinnedDirectMemory();
    }
}
