package dev.nightjar.storage.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process writes to a real file system and is killed in the middle. */
@Timeout(60)
class KilledOverlayIT {

    private static final long SIZE = 1L << 40;
    private static final int WRITES_BEFORE_THE_KILL = 400;
    private static final OverlaySpec SPEC =
            new OverlaySpec(UUID.fromString("00000000-0000-4000-8000-000000000001"), SIZE, 1L << 30);

    @TempDir
    Path directory;

    /** The process: writes without end, and says after each write that it was answered. */
    static final class Guest {

        private Guest() {}

        public static void main(String[] arguments) {
            try (Overlay overlay = Overlay.create(Path.of(arguments[0]), SPEC, KilledOverlayIT::base)) {
                for (int i = 0; ; i++) {
                    overlay.write(offset(i), content(i));
                    if (i % 50 == 0) {
                        overlay.flush();
                    }
                    System.out.println(i);
                    System.out.flush();
                }
            }
        }
    }

    @RepeatedTest(3)
    void everythingThatWasAnsweredIsThereAfterSigkill() throws Exception {
        Path overlayDirectory = directory.resolve("overlay");
        Process guest = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Guest.class.getName(),
                        overlayDirectory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int answered = -1;
        try (BufferedReader said = guest.inputReader()) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                answered = Integer.parseInt(line);
                if (answered == WRITES_BEFORE_THE_KILL) {
                    guest.destroyForcibly();
                }
            }
        } catch (IOException | NumberFormatException cutOff) {
            // The last line of a killed process may be half a line.
        } finally {
            guest.destroyForcibly().waitFor();
        }
        assertThat(answered).isGreaterThanOrEqualTo(WRITES_BEFORE_THE_KILL);
        try (Overlay overlay = Overlay.open(overlayDirectory, SPEC, KilledOverlayIT::base)) {
            for (int i = 0; i < WRITES_BEFORE_THE_KILL; i++) {
                ByteBuffer wanted = content(i);
                ByteBuffer found = ByteBuffer.allocate(wanted.remaining());
                overlay.read(offset(i), wanted.remaining(), new Collecting(found));
                assertThat(found.flip()).as("write %d", i).isEqualTo(wanted);
            }
            ByteBuffer around = ByteBuffer.allocate(512);
            overlay.read(offset(7) - 512, 512, new Collecting(around));
            ByteBuffer below = ByteBuffer.allocate(512);
            base(offset(7) - 512, below);
            assertThat(around.flip()).as("what surrounds a write").isEqualTo(below.flip());
        }
    }

    /** Never overlapping, never aligned, so that each is patched together with the base. */
    private static long offset(int i) {
        return (i * 7919L % 1009 + 1) * (1L << 24) + (i / 1009) * 8192L + 1000;
    }

    private static ByteBuffer content(int i) {
        byte[] bytes = new byte[5000 + i % 3000];
        new Random(i).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static void base(long offset, ByteBuffer target) {
        for (long at = offset; target.hasRemaining(); at++) {
            target.put((byte) (at * 31 / 8));
        }
    }

    private record Collecting(ByteBuffer bytes) implements OverlayReader {

        @Override
        public void base(long offset, long length) {
            ByteBuffer part = bytes.slice(bytes.position(), (int) length);
            KilledOverlayIT.base(offset, part);
            bytes.position(bytes.position() + (int) length);
        }

        @Override
        public void zeros(long length) {
            bytes.position(bytes.position() + (int) length);
        }

        @Override
        public ByteBuffer data(int length) {
            ByteBuffer part = bytes.slice(bytes.position(), length);
            bytes.position(bytes.position() + length);
            return part;
        }
    }
}
