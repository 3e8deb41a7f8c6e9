package dev.nightjar.storage.golden;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A second reader of repositories, written from docs/format.md alone: it knows no class of the storage. What it cannot do with the document's help, the document lacks. It checks everything
 * that the document says can be checked, and reads whole files into memory.
 */
final class IndependentReader {

    private static final HexFormat HEX = HexFormat.of();
    private static final int DATA = 1;
    private static final int MAP_NODE = 2;

    private final Path directory;
    private final UUID repositoryId;
    private final int chunkSize;
    private final boolean encrypted;
    private final byte[] idKey;
    private final byte[] dataKey;
    /** Plaintexts by kind and id. */
    private final Map<String, byte[]> chunks = new HashMap<>();

    /** What the tests want to know of a point record. */
    record Point(
            UUID id,
            UUID set,
            UUID parent,
            String machine,
            String disk,
            Instant instant,
            long size,
            long chunkCount,
            String root,
            String consistency,
            String mode,
            String checkpoint,
            List<Long> damaged) {}

    private IndependentReader(Path directory, String passphrase, String recoveryKey) {
        this.directory = directory;
        JsonNode config = json(directory.resolve("config"));
        require(config.get("format").asString().equals("nightjar-repository"), "config's format");
        require(config.get("formatVersion").asInt() == 1, "config's version");
        repositoryId = UUID.fromString(config.get("repositoryId").asString());
        chunkSize = config.get("chunkSizeBytes").asInt();
        encrypted = config.get("encryption").asString().equals("aes-256-gcm");
        JsonNode key = json(keyFile());
        require(key.get("format").asString().equals("nightjar-key"), "key's format");
        require(key.get("repositoryId").asString().equals(repositoryId.toString()), "key's repository");
        if (key.get("protection").asString().equals("none")) {
            idKey = Base64.getDecoder().decode(key.get("idKey").asString());
            dataKey = null;
        } else {
            byte[] both = unwrap(key.get("slots"), passphrase, recoveryKey);
            idKey = Arrays.copyOfRange(both, 0, 32);
            dataKey = Arrays.copyOfRange(both, 32, 64);
        }
        byte[] check = hmac(0, "nightjar key check".getBytes(StandardCharsets.US_ASCII));
        require(key.get("idKeyCheck").asString().equals(HEX.formatHex(check, 0, 8)), "the key's check value");
        list("packs").forEach(this::readPack);
    }

    static IndependentReader plain(Path directory) {
        return new IndependentReader(directory, null, null);
    }

    static IndependentReader byPassphrase(Path directory, String passphrase) {
        return new IndependentReader(directory, passphrase, null);
    }

    static IndependentReader byRecoveryKey(Path directory, String recoveryKey) {
        return new IndependentReader(directory, null, recoveryKey);
    }

    List<Point> points() {
        return list("points").stream().map(this::readPoint).toList();
    }

    byte[] restore(Point point) {
        byte[] disk = new byte[Math.toIntExact(point.size())];
        if (point.root() != null) {
            int levels = 1;
            while (BigInteger.valueOf(64).pow(levels).compareTo(BigInteger.valueOf(point.chunkCount())) < 0) {
                levels++;
            }
            readNode(HEX.parseHex(point.root()), levels - 1, 0, disk);
        }
        return disk;
    }

    // Keys

    private Path keyFile() {
        Path newest = null;
        int highest = 0;
        for (Path file : list("keys")) {
            String name = file.getFileName().toString();
            if (name.startsWith(repositoryId.toString())) {
                String suffix = name.substring(repositoryId.toString().length());
                int number = suffix.isEmpty() ? 1 : Integer.parseInt(suffix.substring(1));
                if (number > highest) {
                    highest = number;
                    newest = file;
                }
            }
        }
        require(newest != null, "a key file");
        return newest;
    }

    private byte[] unwrap(JsonNode slots, String passphrase, String recoveryKey) {
        for (JsonNode slot : slots) {
            String kind = slot.get("kind").asString();
            if (!kind.equals(passphrase == null ? "recovery" : "passphrase")) {
                continue;
            }
            byte[] salt = Base64.getDecoder().decode(slot.get("salt").asString());
            byte[] wrapped = Base64.getDecoder().decode(slot.get("wrapped").asString());
            byte[] key = passphrase == null
                    ? hkdf(recoverySecret(recoveryKey), salt, "nightjar recovery")
                    : argon2id(passphrase, salt, slot);
            return gcm(key, wrapped, 0, (kind + " " + repositoryId).getBytes(StandardCharsets.US_ASCII));
        }
        throw new IllegalStateException("no slot for it");
    }

    private static byte[] argon2id(String passphrase, byte[] salt, JsonNode slot) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(0x13)
                .withMemoryAsKB(slot.get("memoryKib").asInt())
                .withIterations(slot.get("iterations").asInt())
                .withParallelism(slot.get("lanes").asInt())
                .withSalt(salt)
                .build());
        byte[] key = new byte[32];
        generator.generateBytes(
                Normalizer.normalize(passphrase, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8), key);
        return key;
    }

    /** Base 32 in groups of four: 20 bytes and 5 of a checksum. */
    private static byte[] recoverySecret(String text) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        BigInteger bits = BigInteger.ZERO;
        for (char c : text.replaceAll("[^A-Z2-7]", "").toCharArray()) {
            bits = bits.shiftLeft(5).or(BigInteger.valueOf(alphabet.indexOf(c)));
        }
        byte[] bytes = new byte[25];
        for (int i = 24; i >= 0; i--) {
            bytes[i] = bits.byteValue();
            bits = bits.shiftRight(8);
        }
        byte[] secret = Arrays.copyOf(bytes, 20);
        byte[] check = sha256("nightjar recovery key".getBytes(StandardCharsets.US_ASCII), secret);
        require(Arrays.equals(check, 0, 5, bytes, 20, 25), "the recovery key's checksum");
        return secret;
    }

    // Packs

    private void readPack(Path file) {
        byte[] bytes = read(file);
        String name = file.getFileName().toString();
        require(HEX.formatHex(sha256(bytes)).equals(name), "the pack's name");
        require(file.getParent().getFileName().toString().equals(name.substring(0, 2)), "the pack's directory");
        ByteBuffer pack = ByteBuffer.wrap(bytes);
        require(HEX.formatHex(bytes, 0, 8).equals("4e4a5041434b0001"), "the header's magic and version");
        int kind = bytes[8];
        require(kind == DATA || kind == MAP_NODE, "the kind");
        require(bytes[9] == 0 && bytes[10] == 0 && bytes[11] == 0, "the header's zeros");
        require(new UUID(pack.getLong(12), pack.getLong(20)).equals(repositoryId), "the pack's repository");
        require(pack.getInt(28) == crc(bytes, 0, 28), "the header's checksum");

        int trailer = bytes.length - 24;
        int directoryAt = Math.toIntExact(pack.getLong(trailer));
        int directoryLength = pack.getInt(trailer + 8);
        require(HEX.formatHex(bytes, trailer + 16, bytes.length).equals("4e4a50454e440001"), "the trailer's magic");
        require(directoryAt + directoryLength == trailer, "the directory's place");
        require(pack.getInt(trailer + 12) == crc(bytes, directoryAt, directoryLength + 12), "the directory's checksum");

        pack.position(directoryAt).limit(trailer);
        long end = 32;
        while (pack.hasRemaining()) {
            long offset = pack.getLong();
            int storedLength = pack.getInt();
            int plainLength = pack.getInt();
            int codec = pack.get();
            int checksum = pack.getInt();
            int count = pack.get();
            require(offset == end, "the frame's place");
            end = offset + storedLength;
            byte[][] ids = new byte[count][32];
            int[] lengths = new int[count];
            for (int i = 0; i < count; i++) {
                pack.get(ids[i]);
                lengths[i] = pack.getInt();
            }
            byte[] stored = Arrays.copyOfRange(bytes, (int) offset, (int) end);
            require(crc(stored, 0, stored.length) == checksum, "the frame's checksum");
            require(kind == DATA || (codec & 0xf0) == 0, "map nodes that are not encrypted");
            require((kind == MAP_NODE || !encrypted) == ((codec & 0xf0) == 0), "encryption as the configuration says");
            byte[] plain = open(stored, codec, ids);
            require(plain.length == plainLength, "the frame's plain length");
            keepChunks(kind, plain, ids, lengths);
        }
        require(end == directoryAt, "the directory right after the last frame");
    }

    private byte[] open(byte[] stored, int codec, byte[][] ids) {
        byte[] bytes = stored;
        if ((codec & 0xf0) == 0x10) {
            ByteBuffer associated = ByteBuffer.allocate(1 + 32 * ids.length).put((byte) codec);
            for (byte[] id : ids) {
                associated.put(id);
            }
            bytes = unseal(stored, associated.array());
        } else {
            require((codec & 0xf0) == 0, "a known encryption");
        }
        if ((codec & 0x0f) == 0) {
            return bytes;
        }
        require((codec & 0x0f) == 1, "a known compression");
        return Zstd.decompress(bytes, Math.toIntExact(Zstd.getFrameContentSize(bytes)));
    }

    private void keepChunks(int kind, byte[] plain, byte[][] ids, int[] lengths) {
        int at = 0;
        for (int i = 0; i < ids.length; i++) {
            byte[] chunk = Arrays.copyOfRange(plain, at, at + lengths[i]);
            at += lengths[i];
            require(Arrays.equals(hmac(kind, chunk), ids[i]), "the chunk's id");
            chunks.put(kind + HEX.formatHex(ids[i]), chunk);
        }
        require(at == plain.length, "chunks that fill the frame");
    }

    // Maps

    private void readNode(byte[] id, int level, long firstChunk, byte[] disk) {
        byte[] encoded = chunks.get(MAP_NODE + HEX.formatHex(id));
        require(encoded != null, "the node");
        ByteBuffer node = ByteBuffer.wrap(encoded);
        require(node.get() == 1, "the node's version");
        require(node.get() == level, "the node's level");
        long presence = node.getLong();
        require(presence != 0, "a place that is not zero");
        for (int place = 0; place < 64; place++) {
            if (((presence >>> place) & 1) == 0) {
                continue;
            }
            byte[] child = new byte[32];
            node.get(child);
            long first = firstChunk + ((long) place << (6 * level));
            if (level > 0) {
                readNode(child, level - 1, first, disk);
            } else {
                byte[] chunk = chunks.get(DATA + HEX.formatHex(child));
                require(chunk != null, "the chunk");
                int offset = Math.toIntExact(first * chunkSize);
                require(chunk.length == Math.min(chunkSize, disk.length - offset), "the chunk's length");
                System.arraycopy(chunk, 0, disk, offset, chunk.length);
            }
        }
        require(!node.hasRemaining(), "nothing behind the last id");
    }

    // Points

    private Point readPoint(Path file) {
        byte[] record = read(file);
        int end = record.length - 32;
        require(record.length <= 256 * 1024, "a record of at most 256 KiB");
        require(new String(record, 0, 7, StandardCharsets.US_ASCII).equals("NJPOINT"), "the record's magic");
        require(record[7] == 2, "version 2 of the record");
        require(
                Arrays.equals(hmac(3, Arrays.copyOf(record, end)), Arrays.copyOfRange(record, end, record.length)),
                "the record's tag");
        require(record[8] == (encrypted ? 1 : 0), "protection as the configuration says");
        byte[] fields = Arrays.copyOfRange(record, 9, end);
        if (encrypted) {
            fields = unseal(fields, Arrays.copyOf(record, 9));
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(fields))) {
            require(uuid(in).equals(repositoryId), "the record's repository");
            UUID id = uuid(in);
            require(file.getFileName().toString().equals(id.toString()), "the record's name");
            return fields(in, id);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Point fields(DataInputStream in, UUID id) throws IOException {
        UUID set = uuid(in);
        UUID run = uuid(in);
        UUID machineId = uuid(in);
        require(run.version() == 4 && machineId.version() == 4, "run and machine");
        String machine = text(in);
        String disk = text(in);
        Instant instant = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
        long size = in.readLong();
        long chunkCount = in.readLong();
        String root = in.readByte() == 0 ? null : HEX.formatHex(in.readNBytes(32));
        String consistency = text(in);
        String mode = text(in);
        String checkpoint = in.readByte() == 0 ? null : text(in) + " " + text(in);
        UUID parent = in.readByte() == 0 ? null : uuid(in);
        for (int i = 0; i < 5; i++) {
            require(in.readLong() >= 0, "a count of bytes");
        }
        List<Long> damaged = new ArrayList<>();
        int ranges = in.readInt();
        for (int i = 0; i < 2 * ranges; i++) {
            damaged.add(in.readLong());
        }
        require(in.available() == 0, "nothing behind the ranges");
        return new Point(
                id,
                set,
                parent,
                machine,
                disk,
                instant,
                size,
                chunkCount,
                root,
                consistency,
                mode,
                checkpoint,
                damaged);
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
    }

    // Cryptography

    /** Salt, nonce, ciphertext, tag. */
    private byte[] unseal(byte[] sealed, byte[] associated) {
        try {
            byte[] salt = Arrays.copyOf(sealed, 16);
            byte[] key = KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(dataKey, "raw"), salt, 32));
            return gcm(key, sealed, 16, associated);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From {@code at} on: a nonce of 12 bytes, ciphertext, a tag of 16. */
    private static byte[] gcm(byte[] key, byte[] bytes, int at, byte[] associated) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new GCMParameterSpec(128, Arrays.copyOfRange(bytes, at, at + 12)));
            cipher.updateAAD(associated);
            return cipher.doFinal(bytes, at + 12, bytes.length - at - 12);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hkdf(byte[] secret, byte[] salt, String info) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .addSalt(salt)
                            .thenExpand(info.getBytes(StandardCharsets.US_ASCII), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] hmac(int domain, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(idKey, "HmacSHA256"));
            mac.update((byte) domain);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[]... pieces) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (byte[] piece : pieces) {
                sha256.update(piece);
            }
            return sha256.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    // Files

    private List<Path> list(String name) {
        try (Stream<Path> files = Files.walk(directory.resolve(name))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(Path file) {
        return new JsonMapper().readTree(read(file));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not as docs/format.md says: " + what);
        }
    }
}
