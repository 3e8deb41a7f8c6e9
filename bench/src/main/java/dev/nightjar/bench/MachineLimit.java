package dev.nightjar.bench;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.nightjar.storage.blob.DirectIo;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuNbd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a byte costs at least, as seconds of one core a MiB of the disk, measured with nothing around it: receiving it, both ends of the socket included; its
 * chunk's id; compressing it; and, by what is left of it, the pack's hash, the frame's checksum and the write to the disk. Each measured on real content.
 */
record MachineLimit(double receive, double hash, double compress, double write) {

    private static final double MIB = 1 << 20;
    private static final int REGION = 1 << 20;
    private static final int CHUNK = 64 << 10;
    /** Every so manieth region is measured. */
    private static final int STEP = 8;

    static MachineLimit measure(RealDisk disk, QemuNbd server, Path scratch) {
        double receive = receive(disk, server);
        try (Bare bare = new Bare(scratch);
                FileChannel source = FileChannel.open(disk.raw())) {
            int regions = 0;
            for (QemuImg.MapEntry extent : disk.data()) {
                for (long at = extent.start(); at + REGION <= extent.start() + extent.length(); at += REGION) {
                    if (regions++ % STEP == 0) {
                        bare.take(source, at);
                    }
                }
            }
            return new MachineLimit(receive, bare.hash / bare.mib, bare.compress / bare.mib, bare.write / bare.mib);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot measure the machine", e);
        }
    }

    private static double receive(RealDisk disk, QemuNbd server) {
        NbdReader reader = new NbdReader(server.uri());
        long pid = server.process().pid();
        double before = CpuTime.ofProcess() + CpuTime.of(pid);
        reader.everything(4, REGION, 8);
        return (CpuTime.ofProcess() + CpuTime.of(pid) - before) / (disk.bytes() / MIB);
    }

    /** MiB a second of a full backup. */
    double full() {
        return cores() / (receive + hash + compress + write);
    }

    /** MiB a second where every chunk is known. */
    double known() {
        return cores() / (receive + hash);
    }

    String text() {
        return "ms a MiB and core: receive %.2f, hash %.2f, compress %.2f, write %.2f"
                .formatted(receive * 1e3, hash * 1e3, compress * 1e3, write * 1e3);
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** The four kinds of work, each timed by itself. Used by one thread. */
    private static final class Bare implements AutoCloseable {

        private final ByteBuffer plain = ByteBuffer.allocateDirect(REGION);
        private final byte[] heap = new byte[REGION];
        private final ByteBuffer stored = DirectIo.allocate(2 * REGION);
        private final byte[] compressed = new byte[(int) Zstd.compressBound(REGION)];
        private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(1);
        private final Mac mac = Mac.getInstance("HmacSHA256");
        private final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        private final Path file;
        private final FileChannel target;
        private double mib;
        private double hash;
        private double compress;
        private double write;

        Bare(Path scratch) throws IOException, GeneralSecurityException {
            file = Files.createTempFile(scratch, "limit", "");
            target = FileChannel.open(file, StandardOpenOption.WRITE, DirectIo.OPTION);
            mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
        }

        void take(FileChannel source, long at) throws IOException {
            source.read(plain.clear(), at);
            plain.flip().get(0, heap);
            double begun = CpuTime.ofThread();
            for (int chunk = 0; chunk < REGION; chunk += CHUNK) {
                mac.update(heap, chunk, CHUNK);
                mac.doFinal();
            }
            double hashed = CpuTime.ofThread();
            int length = context.compressByteArray(compressed, 0, compressed.length, heap, 0, REGION);
            double shrunk = CpuTime.ofThread();
            sha256.update(compressed, 0, length);
            CRC32C crc = new CRC32C();
            crc.update(compressed, 0, length);
            stored.clear().put(compressed, 0, Math.min(length, stored.capacity()));
            stored.flip().limit(Math.ceilDiv(length, DirectIo.ALIGNMENT) * DirectIo.ALIGNMENT);
            target.write(stored, mib == 0 ? 0 : target.size());
            double written = CpuTime.ofThread();
            hash += hashed - begun;
            compress += shrunk - hashed;
            write += written - shrunk;
            mib++;
        }

        @Override
        public void close() {
            context.close();
            try {
                target.close();
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
