package dev.nightjar.storage.crash;

import dev.nightjar.storage.key.Unlock;
import dev.nightjar.storage.repository.DiskModel;
import dev.nightjar.storage.repository.Workbench;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a process has begun and what it was told is done, in a file outside of the repository that is synced line by line. A disk's content follows from the lines alone:
 *
 * <pre>
 * begin RUN DISK SEED     the disk is scribbled on, and backed up
 * done RUN POINT          the backup was acknowledged
 * dead RUN                nobody will acknowledge it any more
 * delete POINT
 * deleted POINT           the deletion was acknowledged
 * </pre>
 *
 * Used by one thread.
 */
final class Acknowledgements {

    private static final int DISK_BYTES = 400_000;
    private static final int SCRIBBLES = 5;

    private final Map<String, DiskModel> disks = new LinkedHashMap<>();
    private final Map<String, UUID> latest = new HashMap<>();
    private final Map<UUID, String> runs = new HashMap<>();
    private final Path file;
    private Expectation expectation = Expectation.nothing(new Unlock.Nothing()).whenCreated();

    /** Reads what there is. */
    Acknowledgements(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                String text = Files.readString(file);
                // Half a line was never finished, so nothing was done upon it.
                text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(this::apply);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a line, durably, and does what it says to the model. */
    void write(String line) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap((line + '\n').getBytes(StandardCharsets.US_ASCII));
            channel.position(endOfLastLine(channel));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(channel.position());
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        apply(line);
    }

    Expectation expectation() {
        return expectation;
    }

    DiskModel disk(String name) {
        return disks.computeIfAbsent(name, _ -> new DiskModel(DISK_BYTES, Workbench.CHUNK));
    }

    /** The last acknowledged point of a disk, if it was not deleted. */
    @Nullable
    UUID latest(String disk) {
        UUID point = latest.get(disk);
        return point != null && expectation.points().containsKey(point) ? point : null;
    }

    private void apply(String line) {
        String[] words = line.split(" ", -1);
        UUID id = UUID.fromString(words[1]);
        switch (words[0]) {
            case "begin" -> {
                DiskModel disk = disk(words[2]);
                disk.scribble(new Random(Long.parseLong(words[3])), SCRIBBLES);
                runs.put(id, words[2]);
                expectation = expectation.withRun(id, Map.of(words[2], disk.bytes.clone()));
            }
            case "done" -> {
                String disk = runs.getOrDefault(id, "");
                byte[] content = expectation.coming().get(id).disks().get(disk);
                UUID point = UUID.fromString(words[2]);
                latest.put(disk, point);
                disk(disk).dirty.clear();
                expectation = expectation.acknowledged(id, Map.of(point, content));
            }
            case "dead" -> expectation = expectation.acknowledged(id, Map.of());
            case "delete" -> expectation = expectation.deleting(id);
            case "deleted" -> expectation = expectation.deleted(id);
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) channel.size());
        int read = 0;
        while (all.hasRemaining() && read >= 0) {
            read = channel.read(all, all.position());
        }
        return new String(all.array(), StandardCharsets.US_ASCII).lastIndexOf('\n') + 1L;
    }
}
