package dev.nightjar.service.source.qmp;

import java.time.Duration;

/**
 * What a QMP server may take in time and memory.
 *
 * @param greeting until the greeting and the answer to {@code qmp_capabilities} are there
 * @param command until a command is answered
 * @param job until a job or an export that was told to end is gone
 * @param messageBytes longest message
 */
public record QmpLimits(Duration greeting, Duration command, Duration job, int messageBytes) {

    /** QEMU is asked again at this interval even if it reports nothing. */
    static final Duration ASK_AGAIN = Duration.ofMillis(100);

    /** What the service uses; a schema of QEMU 10 has 236 KB. */
    public static final QmpLimits DEFAULTS =
            new QmpLimits(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(30), 16 * 1024 * 1024);
}
