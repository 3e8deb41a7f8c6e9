package dev.nightjar.storage.point;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkId;
import dev.nightjar.storage.chunk.IdKey;
import dev.nightjar.storage.map.MapRoot;
import dev.nightjar.storage.seal.ContentCipher;
import dev.nightjar.storage.seal.DataKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The blob {@code points/<id>}. Thread-safe.
 *
 * <pre>
 *   "NJPOINT\3"        8 bytes; the last is the version
 *   protection         u8 0: what follows is plain; u8 1: what follows, but for the tag, is sealed by {@link ContentCipher}, with these 9 bytes as
 *                      associated data; version 1 has no such field
 *   repository         UUID, as are point, set, run, machine
 *   point, set, run, machine
 *   machine name, disk name     each u16 length and UTF-8
 *   instant            i64 microseconds since 1970-01-01T00:00Z
 *   size               u64 bytes
 *   chunk count        u64
 *   root               u8 0: every chunk is zero; u8 1: the root node's 32-byte id follows
 *   consistency, mode  each u16 length and UTF-8
 *   checkpoint         u8 0: none; u8 1: name and identity follow, each u16 length and UTF-8
 *   parent             u8 0: none; u8 1: UUID follows
 *   read, zero, new, deduplicated, stored bytes     u64 each
 *   damaged            u32 count, then u64 offset and u64 length each; version 1 has no such field
 *   copied from        u8 0: taken here; u8 1: UUID of a repository follows; versions 1 and 2 have no such field
 *   tag                HMAC-SHA-256(id key, byte 3 ‖ everything above), 32 bytes
 * </pre>
 *
 * All integers are big-endian. The tag is keyed, so a record can neither be damaged nor made up unnoticed without the key.
 */
public final class PointRecordCodec {

    /** Longest record that is read, in bytes. */
    public static final int MAX_BYTES = 256 * 1024;

    private static final byte[] MAGIC = "NJPOINT".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = MAGIC.length + 2;
    private static final byte PLAIN = 0;
    private static final byte SEALED = 1;
    private static final String MAC = "HmacSHA256";
    private static final int TAG_BYTES = 32;
    // Chunk ids use the domain bytes 1 and 2 under the same key.
    private static final byte DOMAIN = 3;

    private final UUID repository;
    private final IdKey key;
    private final @Nullable DataKey dataKey;

    /**
     * Reads and writes the records of a repository.
     *
     * @param dataKey what they are encrypted under, or null if the repository is not encrypted
     */
    public PointRecordCodec(UUID repository, IdKey key, @Nullable DataKey dataKey) {
        this.repository = repository;
        this.key = key;
        this.dataKey = dataKey;
    }

    /** The record's bytes, in a new buffer. */
    public ByteBuffer encode(PointRecord point) {
        byte[] head = Arrays.copyOf(MAGIC, HEAD_BYTES);
        head[MAGIC.length] = PointRecord.FORMAT_VERSION;
        head[MAGIC.length + 1] = dataKey == null ? PLAIN : SEALED;
        byte[] fields = fields(point);
        if (dataKey != null) {
            fields = new ContentCipher(dataKey, new SecureRandom()).seal(fields, head);
        }
        byte[] body = Arrays.copyOf(head, HEAD_BYTES + fields.length);
        System.arraycopy(fields, 0, body, HEAD_BYTES, fields.length);
        return ByteBuffer.allocate(body.length + TAG_BYTES)
                .put(body)
                .put(tag(body))
                .flip();
    }

    /**
     * Reads a record.
     *
     * @throws StorageException DATA_DAMAGED if the bytes are not a record of this repository as it was written, or
     *     FORMAT_UNSUPPORTED if a newer release wrote them
     */
    public PointRecord decode(ByteBuffer record) {
        byte[] bytes = new byte[record.remaining()];
        record.duplicate().get(bytes);
        if (bytes.length < HEAD_BYTES + TAG_BYTES
                || !ByteBuffer.wrap(bytes, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
            throw damaged("it does not begin as one", null);
        }
        int version = Byte.toUnsignedInt(bytes[MAGIC.length]);
        if (version < 1 || version > PointRecord.FORMAT_VERSION) {
            throw new StorageException(
                    StorageErrorCode.FORMAT_UNSUPPORTED,
                    "A point record has version " + version + "; this release reads 1 to " + PointRecord.FORMAT_VERSION,
                    "Use the release that wrote it, or a later one.");
        }
        int length = bytes.length - TAG_BYTES;
        byte[] body = Arrays.copyOf(bytes, length);
        if (!MessageDigest.isEqual(tag(body), Arrays.copyOfRange(bytes, length, bytes.length))) {
            throw damaged("its tag does not match", null);
        }
        byte[] fields = version == 1 ? Arrays.copyOfRange(body, MAGIC.length + 1, length) : opened(body);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(fields))) {
            if (!readUuid(in).equals(repository)) {
                throw damaged("it belongs to another repository", null);
            }
            PointRecord point = read(in, version);
            if (in.available() > 0) {
                throw damaged("it is longer than its fields", null);
            }
            return point;
        } catch (IOException | IllegalArgumentException e) {
            throw damaged("its fields do not fit its length", e);
        }
    }

    private byte[] opened(byte[] body) {
        byte protection = body[MAGIC.length + 1];
        byte[] fields = Arrays.copyOfRange(body, HEAD_BYTES, body.length);
        if (protection == PLAIN && dataKey == null) {
            return fields;
        }
        if (protection != SEALED || dataKey == null) {
            throw damaged("it is not protected as the repository is", null);
        }
        try {
            return ContentCipher.open(dataKey, fields, Arrays.copyOf(body, HEAD_BYTES));
        } catch (AEADBadTagException e) {
            throw damaged("it was not sealed under this repository's key", e);
        }
    }

    private byte[] fields(PointRecord point) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, repository);
            write(out, point.id());
            write(out, point.setId());
            write(out, point.runId());
            write(out, point.machineId());
            write(out, point.machineName());
            write(out, point.diskName());
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, point.instant()));
            out.writeLong(point.sizeBytes());
            out.writeLong(point.root().chunkCount());
            optional(out, point.root().node(), node -> out.write(node.toBytes()));
            write(out, point.consistency());
            write(out, point.mode().name());
            optional(out, point.checkpoint(), checkpoint -> {
                write(out, checkpoint.name());
                write(out, checkpoint.identity());
            });
            optional(out, point.parentId(), parent -> write(out, parent));
            write(out, point.totals());
            write(out, point.damaged());
            optional(out, point.copiedFrom(), from -> write(out, from));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, PointTotals totals) throws IOException {
        out.writeLong(totals.readBytes());
        out.writeLong(totals.zeroBytes());
        out.writeLong(totals.newBytes());
        out.writeLong(totals.deduplicatedBytes());
        out.writeLong(totals.storedBytes());
    }

    private static void write(DataOutputStream out, DamagedRanges damaged) throws IOException {
        out.writeInt(damaged.ranges().size());
        for (DamagedRanges.Range range : damaged.ranges()) {
            out.writeLong(range.offset());
            out.writeLong(range.length());
        }
    }

    private static PointRecord read(DataInputStream in, int version) throws IOException {
        UUID id = readUuid(in);
        UUID set = readUuid(in);
        UUID run = readUuid(in);
        UUID machine = readUuid(in);
        String machineName = readText(in);
        String diskName = readText(in);
        Instant instant = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
        long size = in.readLong();
        long chunkCount = in.readLong();
        ChunkId node = in.readBoolean() ? ChunkId.of(in.readNBytes(ChunkId.BYTES)) : null;
        String consistency = readText(in);
        CaptureMode mode = CaptureMode.valueOf(readText(in));
        Checkpoint checkpoint = in.readBoolean() ? new Checkpoint(readText(in), readText(in)) : null;
        UUID parent = in.readBoolean() ? readUuid(in) : null;
        PointTotals totals = new PointTotals(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        return new PointRecord(
                id,
                set,
                run,
                machine,
                machineName,
                diskName,
                instant,
                size,
                new MapRoot(node, chunkCount),
                consistency,
                mode,
                checkpoint,
                parent,
                totals,
                version == 1 ? DamagedRanges.NONE : readDamaged(in),
                version > 2 && in.readBoolean() ? readUuid(in) : null);
    }

    private static DamagedRanges readDamaged(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > DamagedRanges.MAX_RANGES) {
            throw new IllegalArgumentException("so many damaged ranges: " + count);
        }
        List<DamagedRanges.Range> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new DamagedRanges.Range(in.readLong(), in.readLong()));
        }
        return new DamagedRanges(ranges);
    }

    private byte[] tag(byte[] body) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key.toBytes(), MAC));
            mac.update(DOMAIN);
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    /** How a field that is there is written. */
    @FunctionalInterface
    private interface Field<T> {
        void write(T value) throws IOException;
    }

    private static <T> void optional(DataOutputStream out, @Nullable T value, Field<T> field) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            field.write(value);
        }
    }

    private static void write(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > 0xffff) {
            throw new IllegalArgumentException("longer than 65535 bytes: " + text.substring(0, 40) + "…");
        }
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    private static UUID readUuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static String readText(DataInputStream in) throws IOException {
        byte[] utf8 = new byte[in.readUnsignedShort()];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static StorageException damaged(String why, @Nullable Throwable cause) {
        return new StorageException(
                StorageErrorCode.DATA_DAMAGED,
                "A point record is not what was written: " + why,
                "Take it from a copy of the repository, or delete the point.",
                cause);
    }
}
