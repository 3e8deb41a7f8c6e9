package dev.nightjar.storage.pack;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** Tells of a pack's end what is wrong with directory and trailer, and gets at the directory also without the trailer. */
final class PackEnd {

    /** Where the first frame of every pack lies: what every directory begins with. */
    private static final long FIRST_FRAME = PackHeader.BYTES;

    private PackEnd() {}

    /**
     * Surveys a pack's end.
     *
     * @param end the pack's last bytes, the whole directory among them
     * @param packBytes the pack's length
     */
    static KnownFrames survey(ByteBuffer end, long packBytes, Set<PackFlaw> flaws) {
        if (end.remaining() < PackTrailer.BYTES) {
            flaws.add(PackFlaw.LENGTH);
            return KnownFrames.NONE;
        }
        int trailerAt = end.limit() - PackTrailer.BYTES;
        ByteBuffer trailerBytes = end.slice(trailerAt, PackTrailer.BYTES);
        PackTrailer trailer;
        try {
            trailer = PackTrailer.decode(trailerBytes.duplicate(), packBytes);
        } catch (PackDamage e) {
            flaws.add(PackFlaw.TRAILER);
            return search(end.slice(0, trailerAt), packBytes, trailerBytes.getInt(PackTrailer.CHECKSUM_AT), flaws);
        }
        ByteBuffer directory = end.slice(trailerAt - trailer.directoryLength(), trailer.directoryLength());
        return checked(directory, trailer, flaws);
    }

    private static KnownFrames checked(ByteBuffer directory, PackTrailer trailer, Set<PackFlaw> flaws) {
        int difference = PackTrailer.of(trailer.directoryOffset(), directory).crc32c() ^ trailer.crc32c();
        // Any two errors in directory and checksum change the checksum in more than one bit, for CRC-32C has a Hamming
        // distance of 4 at this length. So a single bit is one of the checksum's own.
        boolean inTrailer = Integer.bitCount(difference) == 1;
        if (difference != 0) {
            flaws.add(inTrailer ? PackFlaw.TRAILER : PackFlaw.DIRECTORY);
        }
        try {
            List<PackEntry> frames = PackDirectory.decode(directory.duplicate(), trailer.directoryOffset());
            return new KnownFrames(frames, difference == 0 || inTrailer);
        } catch (PackDamage e) {
            flaws.add(PackFlaw.DIRECTORY);
            return KnownFrames.NONE;
        }
    }

    /** The directory in front of a trailer that is of no use: it begins with the place of the first frame, which is always the same. */
    private static KnownFrames search(ByteBuffer end, long packBytes, int crc32c, Set<PackFlaw> flaws) {
        for (int at = end.limit() - Long.BYTES; at >= 0; at--) {
            if (end.getLong(at) != FIRST_FRAME) {
                continue;
            }
            ByteBuffer directory = end.slice(at, end.limit() - at);
            long offset = packBytes - PackTrailer.BYTES - directory.remaining();
            try {
                List<PackEntry> frames = PackDirectory.decode(directory.duplicate(), offset);
                return new KnownFrames(frames, PackTrailer.of(offset, directory).crc32c() == crc32c);
            } catch (PackDamage e) {
                // Not here: these eight bytes mean something else.
            }
        }
        flaws.add(PackFlaw.DIRECTORY);
        return KnownFrames.NONE;
    }
}
