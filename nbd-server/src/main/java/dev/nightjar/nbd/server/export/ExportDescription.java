package dev.nightjar.nbd.server.export;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightjar.nbd.protocol.BlockSizes;
import dev.nightjar.nbd.protocol.Limits;
import java.util.List;

/**
 * What is known of an export without opening anything. Immutable.
 *
 * @param name up to 4096 bytes of UTF-8 without NUL
 * @param description for people, as long at most; may be empty
 * @param sizeBytes a multiple of the minimum block
 * @param blockSizes what clients are told and held to
 * @param writable whether clients may change it
 * @param multiConnection whether several connections see one coherent disk: what one was answered, all of them see, and a flush on
 *     one covers the others
 * @param contexts metadata contexts beside {@code base:allocation}
 */
public record ExportDescription(
        String name,
        String description,
        long sizeBytes,
        BlockSizes blockSizes,
        boolean writable,
        boolean multiConnection,
        List<String> contexts) {

    /** Any alignment, best in 64 KiB, up to 32 MiB a request. */
    public static final BlockSizes DEFAULT_BLOCK_SIZES = new BlockSizes(1, 64 * 1024, Limits.DEFAULT_PAYLOAD_BYTES);

    public ExportDescription {
        contexts = List.copyOf(contexts);
        requireText(name);
        requireText(description);
        contexts.forEach(ExportDescription::requireText);
        boolean sound = Long.bitCount(blockSizes.minimum()) == 1
                && blockSizes.minimum() <= Limits.MINIMUM_BLOCK_BYTES
                && Long.bitCount(blockSizes.preferred()) == 1
                && blockSizes.preferred() >= Math.max(512, blockSizes.minimum())
                && blockSizes.maximum() >= blockSizes.preferred()
                && blockSizes.maximum() <= Limits.DEFAULT_PAYLOAD_BYTES
                && blockSizes.maximum() % blockSizes.minimum() == 0;
        if (!sound) {
            throw new IllegalArgumentException("block sizes that NBD does not allow: " + blockSizes);
        }
        if (sizeBytes < 0 || sizeBytes % blockSizes.minimum() != 0) {
            throw new IllegalArgumentException(
                    "a size of %d bytes with a minimum block of %d".formatted(sizeBytes, blockSizes.minimum()));
        }
    }

    private static void requireText(String text) {
        if (text.getBytes(UTF_8).length > Limits.TEXT_BYTES || text.indexOf(0) >= 0) {
            throw new IllegalArgumentException("a name or description that NBD cannot carry");
        }
    }
}
