package dev.nightjar.storage.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.overlay.GuestDisk.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The world ends at every system call of a guest's history; whatever can be read afterwards must be what the guest was promised. */
class OverlayCrashTest {

    private static final Path DIRECTORY = Path.of("/overlay");
    private static final OverlayLayout LAYOUT = new OverlayLayout(32);
    private static final int SIZE = 5 * 16 * 32 + 77;
    private static final UUID BOOT = UUID.fromString("00000000-0000-4000-8000-00000000b001");
    private static final UUID NEXT_BOOT = UUID.fromString("00000000-0000-4000-8000-00000000b002");
    private static final OverlaySpec SPEC =
            new OverlaySpec(UUID.fromString("00000000-0000-4000-8000-000000000001"), SIZE, 1 << 20);

    /** A guest's history, and how far the file system was after each operation. */
    private record History(
            CrashingFiles files, GuestDisk begin, int created, List<Operation> done, List<Integer> ends) {}

    @Property(tries = 60)
    void afterAKillEverythingThatWasAnsweredIsThere(@ForAll long seed) {
        Random random = new Random(seed);
        History history = history(random, 25);
        for (int calls = history.created; calls <= history.files.calls(); calls++) {
            GuestDisk disk = history.begin.copy();
            int answered = answered(history, calls, disk);
            GuestDisk interrupted = disk.copy();
            if (answered < history.done.size()) {
                interrupted.apply(history.done.get(answered), LAYOUT.blockBytes());
            }
            byte[] found = read(history.files.afterKill(calls, random), BOOT, disk);
            for (int i = 0; i < SIZE; i++) {
                boolean right =
                        found[i] == disk.now()[i] || found[i] == interrupted.now()[i];
                assertThat(right)
                        .as("byte %d after call %d, seed %d", i, calls, seed)
                        .isTrue();
            }
        }
    }

    @Property(tries = 60)
    void afterAPowerCutWhatWasFlushedIsThereAndNothingThatNobodyWrote(@ForAll long seed) {
        Random random = new Random(seed);
        History history = history(random, 25);
        for (int calls = history.created; calls <= history.files.calls(); calls++) {
            GuestDisk disk = history.begin.copy();
            int answered = answered(history, calls, disk);
            if (answered < history.done.size() && !(history.done.get(answered) instanceof Operation.Flush)) {
                disk.apply(history.done.get(answered), LAYOUT.blockBytes());
            }
            for (int cut = 0; cut < 3; cut++) {
                CrashingFiles files = history.files.afterPowerCut(calls, random);
                byte[] found = read(files, NEXT_BOOT, disk);
                for (int i = 0; i < SIZE; i++) {
                    assertThat(disk.mayRead(i, found[i]))
                            .as("byte %d is %d after call %d, seed %d", i, found[i], calls, seed)
                            .isTrue();
                }
            }
        }
    }

    @Property(tries = 40)
    void crashesOneAfterTheOtherLoseNothingMore(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] base = new byte[SIZE];
        random.nextBytes(base);
        GuestDisk disk = new GuestDisk(base);
        CrashingFiles files = new CrashingFiles();
        UUID boot = BOOT;
        create(files, disk).close();
        for (int life = 0; life < 8; life++) {
            Overlay overlay = open(files, boot, disk);
            for (int i = random.nextInt(12); i > 0; i--) {
                Operation operation = GuestDisk.random(random, SIZE);
                operation.on(overlay);
                disk.apply(operation, LAYOUT.blockBytes());
            }
            boolean power = random.nextBoolean();
            if (power) {
                files = files.afterPowerCut(files.calls(), random);
                boot = UUID.randomUUID();
            } else {
                files = files.afterKill(files.calls(), random);
            }
            byte[] found = read(files, boot, disk);
            for (int i = 0; i < SIZE; i++) {
                assertThat(disk.mayRead(i, found[i]) && (power || found[i] == disk.now()[i]))
                        .as("byte %d in life %d, seed %d", i, life, seed)
                        .isTrue();
            }
            // Opening made durable whatever it found.
            GuestDisk next = new GuestDisk(base);
            next.put(0, found);
            next.flushed();
            disk = next;
        }
    }

    private static History history(Random random, int operations) {
        byte[] base = new byte[SIZE];
        random.nextBytes(base);
        GuestDisk begin = new GuestDisk(base);
        CrashingFiles files = new CrashingFiles();
        Overlay overlay = create(files, begin);
        int created = files.calls();
        List<Operation> done = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            Operation operation = GuestDisk.random(random, SIZE);
            operation.on(overlay);
            done.add(operation);
            ends.add(files.calls());
        }
        return new History(files, begin, created, done, ends);
    }

    /** Applies to the disk what was answered by then, and says how many operations that were. */
    private static int answered(History history, int calls, GuestDisk disk) {
        int answered = 0;
        while (answered < history.done.size() && history.ends.get(answered) <= calls) {
            disk.apply(history.done.get(answered), LAYOUT.blockBytes());
            answered++;
        }
        return answered;
    }

    /** Opens what a crash left, twice, for the first time changes the files, and reads all of it. */
    private static byte[] read(CrashingFiles files, UUID boot, GuestDisk disk) {
        byte[] once = OverlayReads.all(open(files, boot, disk), disk.base);
        byte[] again = OverlayReads.all(open(files, boot, disk), disk.base);
        assertThat(again).isEqualTo(once);
        return once;
    }

    private static Overlay create(CrashingFiles files, GuestDisk disk) {
        return Overlay.create(files, DIRECTORY, SPEC, LAYOUT, BOOT, OverlayReads.base(disk.base));
    }

    private static Overlay open(CrashingFiles files, UUID boot, GuestDisk disk) {
        return Overlay.open(files, DIRECTORY, SPEC, LAYOUT, boot, OverlayReads.base(disk.base));
    }
}
