package dev.nightjar.cli.repository;

import dev.nightjar.cli.ResultOutput.Lines;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackEntry;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.seal.ChunkRef;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** One pack: header, frames, directory, trailer. */
final class PackOutput {

    private static final int HEADER_BYTES = 32;
    private static final int TRAILER_BYTES = 24;

    private PackOutput() {}

    static void text(Lines out, StoredPack pack, boolean sound) {
        long directory = directory(pack);
        out.print("pack " + pack.id());
        out.print("  bytes: " + pack.bytes());
        out.print("  content: " + (sound ? "has the hash that it is called" : "DAMAGED: not what was written"));
        out.print("  %10d  %8d  header: %s".formatted(0, HEADER_BYTES, kind(pack)));
        for (PackEntry frame : pack.entries()) {
            out.print("  %10d  %8d  frame %d: %s, %d bytes plain, CRC-32C %08x, %d chunks"
                    .formatted(
                            frame.offset(),
                            frame.storedLength(),
                            frame.frameIndex(),
                            codec(frame),
                            frame.plainLength(),
                            frame.crc32c(),
                            frame.chunks().size()));
            frame.chunks()
                    .forEach(chunk ->
                            out.print("                          %s %d".formatted(chunk.id(), chunk.length())));
        }
        out.print("  %10d  %8d  directory: %d frames"
                .formatted(
                        directory,
                        pack.bytes() - TRAILER_BYTES - directory,
                        pack.entries().size()));
        out.print("  %10d  %8d  trailer".formatted(pack.bytes() - TRAILER_BYTES, TRAILER_BYTES));
    }

    static void json(JsonGenerator out, StoredPack pack, boolean sound) {
        out.writeStartObject();
        out.writeStringProperty("pack", pack.id().hex());
        out.writeStringProperty("kind", kind(pack));
        out.writeNumberProperty("bytes", pack.bytes());
        out.writeBooleanProperty("sound", sound);
        out.writeNumberProperty("directoryOffset", directory(pack));
        out.writeArrayPropertyStart("frames");
        for (PackEntry frame : pack.entries()) {
            out.writeStartObject();
            out.writeNumberProperty("offset", frame.offset());
            out.writeNumberProperty("storedLength", frame.storedLength());
            out.writeNumberProperty("plainLength", frame.plainLength());
            out.writeStringProperty("codec", codec(frame));
            out.writeStringProperty("crc32c", "%08x".formatted(frame.crc32c()));
            out.writeArrayPropertyStart("chunks");
            for (ChunkRef chunk : frame.chunks()) {
                out.writeStartObject();
                out.writeStringProperty("id", chunk.id().hex());
                out.writeNumberProperty("length", chunk.length());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static long directory(StoredPack pack) {
        PackEntry last = pack.entries().getLast();
        return last.offset() + last.storedLength();
    }

    private static String kind(StoredPack pack) {
        return pack.kind() == ChunkKind.DATA ? "data" : "map nodes";
    }

    private static String codec(PackEntry frame) {
        return frame.codec().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
