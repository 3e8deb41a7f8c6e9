package dev.nightjar.storage.pack;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pack's name: the SHA-256 of all its bytes, so that anyone can check a pack without a key. Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record PackId(String hex) {

    /** What the names of all packs begin with. */
    public static final String PREFIX = "packs/";

    /** Length of the hash in bytes. */
    public static final int BYTES = 32;

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern BLOB_NAME = Pattern.compile("packs/([0-9a-f]{2})/(\\1[0-9a-f]{62})");

    /** Refuses anything but a hash. */
    public PackId {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a pack is named by 64 lower-case hexadecimal digits");
        }
    }

    /** The pack with this SHA-256. */
    public static PackId of(byte[] sha256) {
        return new PackId(HexFormat.of().formatHex(sha256));
    }

    /** The pack that a blob's name stands for; empty if the name is not a pack's. */
    public static Optional<PackId> ofBlobName(String name) {
        Matcher matcher = BLOB_NAME.matcher(name);
        return matcher.matches() ? Optional.of(new PackId(matcher.group(2))) : Optional.empty();
    }

    /** The name in the blob store: {@code packs/xx/<hex>} with {@code xx} the first two digits. */
    public String blobName() {
        return PREFIX + hex.substring(0, 2) + '/' + hex;
    }

    /** A new array with the 32 bytes of the hash. */
    public byte[] toBytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
