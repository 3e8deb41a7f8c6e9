package dev.nightjar.bench;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuNbd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.Random;

/** A sparse qcow2 disk with a bitmap that records, served writable by qemu-nbd; blocks of noise are written to it here and there. */
final class ScatteredDisk implements AutoCloseable {

    static final String BITMAP = "b0";
    static final int BLOCK = 64 << 10;

    private final QemuNbd server;
    private final long size;
    private final Random random = new Random(3);

    ScatteredDisk(Path directory, String name, long size) {
        Path image = directory.resolve(name + ".qcow2");
        this.size = size;
        QemuImg.create(DiskRef.qcow2(image), size);
        QemuImg.addBitmap(image, BITMAP, BLOCK);
        server = QemuNbd.serving(DiskRef.qcow2(image))
                .writable()
                .bitmap(BITMAP)
                .clients(16)
                .start(directory);
    }

    String uri() {
        return server.uri();
    }

    /** Writes so many blocks, each time the same ones with other content. */
    void write(int blocks) {
        Random places = new Random(4);
        try (NbdClient client = NbdClient.open(NbdUri.parse(uri()), NbdOptions.defaults())) {
            byte[] noise = new byte[BLOCK];
            for (int i = 0; i < blocks; i++) {
                random.nextBytes(noise);
                ByteBuf content = Unpooled.wrappedBuffer(noise);
                client.write(places.nextLong(size / BLOCK) * BLOCK, content).join();
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
