package dev.nightjar.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Plays the guest: does writes to a disk through {@code qemu-io}, on a live machine's NBD export as well as on a witness file.
 * All writes of one call are flushed when it returns.
 *
 * @param disk the disk to write to
 */
public record GuestWriter(DiskRef disk) {

    public void overwrite(long offset, long length, long seed) {
        apply(List.of(new GuestWrite.Overwrite(offset, length, seed)));
    }

    public void fill(long offset, long length, int value) {
        apply(List.of(new GuestWrite.Fill(offset, length, value)));
    }

    public void discard(long offset, long length) {
        apply(List.of(new GuestWrite.Discard(offset, length)));
    }

    public void writeZeroes(long offset, long length) {
        apply(List.of(new GuestWrite.WriteZeroes(offset, length)));
    }

    /** Does all of them in order, by one qemu-io. */
    public void apply(List<GuestWrite> writes) {
        try (TempDirectory patterns = TempDirectory.create()) {
            List<String> commands = new ArrayList<>();
            for (GuestWrite write : writes) {
                commands.add(command(write, patterns.resolve("pattern-" + commands.size())));
            }
            commands.add("flush");
            QemuIo.run(disk, commands);
        }
    }

    private static String command(GuestWrite write, Path pattern) {
        return switch (write) {
            case GuestWrite.Overwrite o -> {
                writeRandom(pattern, o);
                yield "write -q -s %s %d %d".formatted(pattern, o.offset(), o.length());
            }
            case GuestWrite.CopyIn c -> "write -q -s %s %d %d".formatted(c.file(), c.offset(), c.length());
            case GuestWrite.Fill f -> "write -q -P %d %d %d".formatted(f.value(), f.offset(), f.length());
            case GuestWrite.Discard d -> "discard -q %d %d".formatted(d.offset(), d.length());
            case GuestWrite.WriteZeroes z -> "write -q -z %d %d".formatted(z.offset(), z.length());
        };
    }

    private static void writeRandom(Path file, GuestWrite.Overwrite overwrite) {
        byte[] bytes = new byte[Math.toIntExact(overwrite.length())];
        new Random(overwrite.seed()).nextBytes(bytes);
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
