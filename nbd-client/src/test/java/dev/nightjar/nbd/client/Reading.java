package dev.nightjar.nbd.client;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reads whole exports in tests. */
final class Reading {

    private Reading() {}

    /** Everything, by pipelined reads of this size. */
    static byte[] all(NbdConnection connection, int step) {
        int size = Math.toIntExact(connection.export().size());
        byte[] content = new byte[size];
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int offset = 0; offset < size; offset += step) {
            int at = offset;
            reads.add(connection.read(at, Math.min(step, size - at)).thenAccept(buffer -> copy(buffer, content, at)));
        }
        reads.forEach(CompletableFuture::join);
        return content;
    }

    /** Everything, by pipelined reads of this size, over as many connections as come of it. */
    static byte[] all(NbdClient client, int step) {
        int size = Math.toIntExact(client.export().size());
        byte[] content = new byte[size];
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int offset = 0; offset < size; offset += step) {
            int at = offset;
            reads.add(client.read(at, Math.min(step, size - at)).thenAccept(buffer -> copy(buffer, content, at)));
        }
        reads.forEach(CompletableFuture::join);
        return content;
    }

    private static void copy(ByteBuf buffer, byte[] content, int at) {
        try {
            buffer.readBytes(content, at, buffer.readableBytes());
        } finally {
            buffer.release();
        }
    }
}
