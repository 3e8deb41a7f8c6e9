package dev.nightjar.fuzz;

import dev.nightjar.fuzz.RecordedRequests.Item;
import dev.nightjar.fuzz.Wiretap.Conversation;
import dev.nightjar.nbd.client.NbdConnection;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.ChunkType;
import dev.nightjar.nbd.protocol.Command;
import dev.nightjar.nbd.protocol.CommandFlags;
import dev.nightjar.nbd.protocol.ReplyHeader;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.nbd.protocol.Request;
import dev.nightjar.testkit.DiskRef;
import dev.nightjar.testkit.Endpoint;
import dev.nightjar.testkit.Nbdkit;
import dev.nightjar.testkit.QemuImg;
import dev.nightjar.testkit.QemuIo;
import dev.nightjar.testkit.QemuNbd;
import dev.nightjar.testkit.TempDirectory;
import dev.nightjar.testkit.Tool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/**
 * Records the seeds again, from conversations of real servers and clients. A program to be run by hand when there are new ones; its
 * argument is {@code fuzz/src/test/resources/seeds}.
 */
final class SeedRecorder {

    private static final int SIZE = 256 << 10;
    private static final byte ALL_AT_ONCE = (byte) 255;

    private final Path seeds;
    private final Path directory;

    private SeedRecorder(Path seeds, Path directory) {
        this.seeds = seeds;
        this.directory = directory;
    }

    public static void main(String[] arguments) {
        try (TempDirectory directory = TempDirectory.create()) {
            new SeedRecorder(Path.of(arguments[0]), directory.path()).record();
        }
        System.exit(0);
    }

    private void record() {
        Path file = directory.resolve("disk.qcow2");
        DiskRef disk = DiskRef.qcow2(file);
        QemuImg.create(disk, SIZE, "cluster_size=4096");
        QemuIo.run(disk, "write -P 1 0 12k", "write -z 20k 8k", "write -P 2 64k 4k", "write -P 3 72k 4k");
        QemuImg.addBitmap(file, "b0", 512);
        QemuIo.run(disk, "write -P 4 2k 1k", "discard 64k 4k", "write -z -u 72k 4k");
        try (QemuNbd qemu = QemuNbd.serving(disk)
                        .export("vda")
                        .bitmap("b0")
                        .allocationDepth()
                        .start(directory);
                Nbdkit structured = Nbdkit.start(directory, "--filter=noextents", "memory", "256K");
                Nbdkit simple = Nbdkit.start(directory, "--no-sr", "memory", "256K");
                Nbdkit oldest = Nbdkit.start(directory, "--mask-handshake=0", "memory", "256K");
                Nbdkit failing = Nbdkit.start(
                        directory, "--filter=error", "memory", "256K", "error-pread=EIO", "error-pread-rate=50%")) {
            asClient("qemu", qemu.endpoint());
            asClient("nbdkit", structured.endpoint());
            asClient("nbdkit-simple", simple.endpoint());
            asClient("nbdkit-oldest", oldest.endpoint());
            asClient("nbdkit-failing", failing.endpoint());
        }
        try (QemuNbd qemu =
                QemuNbd.serving(disk).writable().export("vda").bitmap("b0").start(directory)) {
            asServer(qemu.endpoint());
        }
    }

    /** What servers say to our client. */
    private void asClient(String name, Endpoint endpoint) {
        Path server = ((Endpoint.Unix) endpoint).socket();
        for (ReplyMode mode : ReplyMode.values()) {
            int choice = RecordedRequests.MODES.indexOf(mode) << 2;
            NbdOptions options =
                    NbdOptions.defaults().withHighestMode(mode).withOptionalContexts(NbdOptions.BASE_ALLOCATION);
            String as = name + "-" + mode.name().toLowerCase(Locale.ROOT);
            negotiation(as + "-list", choice, server, uri -> NbdConnection.list(uri, options));
            negotiation(as + "-contexts", choice | 1, server, uri -> NbdConnection.offeredContexts(uri, options));
            negotiation(as + "-describe", choice | 2, server, uri -> NbdConnection.describe(uri, options));
            negotiation(
                    as + "-open",
                    choice | 3,
                    server,
                    uri -> NbdConnection.open(uri, options).close());
            NbdOptions dirty = options.withContexts("qemu:dirty-bitmap:b0");
            negotiation(
                    as + "-dirty",
                    choice | 3 | 1 << 4,
                    server,
                    uri -> NbdConnection.open(uri, dirty).close());
            transmission(as, server, options);
        }
    }

    @FunctionalInterface
    private interface Question {
        void ask(NbdUri uri);
    }

    private void negotiation(String name, int choice, Path server, Question question) {
        try (Wiretap tap = new Wiretap(server)) {
            try {
                question.ask(NbdUri.parse(tap.uri("vda")));
            } catch (NbdException refused) {
                // A refusal is a seed as well.
            }
            byte[] said = tap.conversations().getFirst().fromServer();
            save(NegotiationFuzzTest.class, name, concat(new byte[] {(byte) choice}, said));
        }
    }

    private void transmission(String name, Path server, NbdOptions options) {
        NbdOptions all = options.withOptionalContexts(
                NbdOptions.BASE_ALLOCATION, "qemu:dirty-bitmap:b0", "qemu:allocation-depth");
        try (Wiretap tap = new Wiretap(server);
                NbdConnection connection = NbdConnection.open(NbdUri.parse(tap.uri("vda")), all)) {
            Conversation conversation = tap.conversations().getFirst();
            int clientMark = conversation.fromClient().length;
            int serverMark = conversation.fromServer().length;
            ReplyMode mode = connection.export().mode();
            for (int offset = 0; offset < 96 << 10; offset += 16 << 10) {
                try {
                    connection.read(offset, 100 + offset / 256).join().release();
                } catch (CompletionException failed) {
                    // An error reply is a seed as well.
                }
            }
            connection.walk(0, SIZE, _ -> {});
            connection.walk(12 << 10, 64 << 10, _ -> {});
            connection.flush().join();
            byte[] asked = conversation.fromClient();
            byte[] said = conversation.fromServer();
            List<Item> items = items(mode, Unpooled.wrappedBuffer(asked, clientMark, asked.length - clientMark));
            ByteBuf stream = Unpooled.wrappedBuffer(said, serverMark, said.length - serverMark);
            save(
                    DecoderFuzzTest.class,
                    name,
                    new RecordedRequests(mode, 1 + 17 * 64, items, stream.duplicate()).write());
            if (mode != ReplyMode.SIMPLE && !connection.export().contexts().isEmpty()) {
                walk(name, mode, connection.export().contexts().size(), stream);
            }
        }
    }

    private static List<Item> items(ReplyMode mode, ByteBuf requests) {
        List<Item> items = new ArrayList<>();
        while (requests.readableBytes() >= Request.bytes(mode)) {
            Request request = Request.decode(requests.readSlice(Request.bytes(mode)), mode);
            int kind = request.command() == Command.READ ? 0 : request.command() == Command.BLOCK_STATUS ? 1 : 3;
            int detail = kind == 0 ? (request.flags() & CommandFlags.DF) == 0 ? 0 : 1 : 2;
            long length = Math.clamp(request.length(), 1, RecordedRequests.MOST_READ_BYTES);
            items.add(new Item(kind, detail, request.offset(), length));
        }
        return items;
    }

    /** The payloads of the block status chunks alone; ids are numbered from 0, as the walker's contexts are. */
    private void walk(String name, ReplyMode mode, int contexts, ByteBuf stream) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte((mode == ReplyMode.EXTENDED ? 0 : 1) + 2 * contexts)
                .writeLong(0)
                .writeLong((long) SIZE << 2);
        List<Long> ids = new ArrayList<>();
        int chunks = 0;
        while (stream.readableBytes() >= 16) {
            int bytes = ReplyHeader.bytes(stream.getInt(stream.readerIndex()));
            if (!(ReplyHeader.decode(stream.readSlice(bytes)) instanceof ReplyHeader.Chunk chunk)) {
                continue;
            }
            ByteBuf payload = stream.readSlice((int) chunk.length());
            if (chunk.type() == ChunkType.blockStatus(mode)) {
                ByteBuf numbered = payload.copy();
                long id = numbered.getUnsignedInt(0);
                if (!ids.contains(id)) {
                    ids.add(id);
                }
                numbered.setInt(0, ids.indexOf(id));
                if (chunks++ % contexts == 0) {
                    out.writeByte(contexts);
                }
                out.writeShort(numbered.readableBytes()).writeBytes(numbered);
            }
        }
        byte[] seed = new byte[out.readableBytes()];
        out.readBytes(seed);
        save(WalkerFuzzTest.class, name, seed);
    }

    /** What clients say to a server. */
    private void asServer(Endpoint endpoint) {
        Path server = ((Endpoint.Unix) endpoint).socket();
        client("nbdinfo", server, Tool.NBDINFO, "URI");
        client("nbdinfo-list", server, Tool.NBDINFO, "--list", "URI");
        client("nbdinfo-map", server, Tool.NBDINFO, "--map=qemu:dirty-bitmap:b0", "URI");
        client("nbdcopy", server, Tool.NBDCOPY, "--request-size=32768", "URI", "null:");
        client("qemu-img-map", server, Tool.QEMU_IMG, "map", "URI");
        client("qemu-img-compare", server, Tool.QEMU_IMG, "compare", "URI", "URI");
        client(
                "qemu-io",
                server,
                Tool.QEMU_IO,
                "-f raw -d unmap URI -c|write -P 7 4k 4k|-c|write -z 8k 4k|-c|write -z -u 12k 4k|-c|discard 16k 4k|-c|flush|-c"
                        + "|read 0 64k|-c|write -f -P 9 1k 512");
        try (Wiretap tap = new Wiretap(server)) {
            NbdOptions options = NbdOptions.defaults().withContexts("base:allocation", "qemu:dirty-bitmap:b0");
            try (NbdConnection connection = NbdConnection.open(NbdUri.parse(tap.uri("vda")), options)) {
                connection.write(512, Unpooled.wrappedBuffer(new byte[1024])).join();
                connection.writeZeroes(4096, 8192, true).join();
                connection.read(0, 10_000).join().release();
                connection.walk(0, SIZE, _ -> {});
                connection.flush().join();
            }
            saveServer("nightjar", tap);
        }
    }

    private void client(String name, Path server, Tool tool, String... arguments) {
        try (Wiretap tap = new Wiretap(server)) {
            List<String> words =
                    arguments.length == 1 && arguments[0].contains("|") ? words(arguments[0]) : List.of(arguments);
            dev.nightjar.testkit.Command.of(
                            tool,
                            words.stream()
                                    .map(word -> word.equals("URI") ? tap.uri("vda") : word)
                                    .toList())
                    .runToEnd();
            saveServer(name, tap);
        }
    }

    /** Options are separated by spaces, the commands after them by bars. */
    private static List<String> words(String line) {
        String[] parts = line.split("\\|", -1);
        List<String> words = new ArrayList<>(List.of(parts[0].split(" ", -1)));
        words.addAll(Arrays.asList(parts).subList(1, parts.length));
        return words;
    }

    private void saveServer(String name, Wiretap tap) {
        List<Conversation> conversations = tap.conversations();
        for (int i = 0; i < conversations.size(); i++) {
            byte[] said = conversations.get(i).fromClient();
            save(ServerFuzzTest.class, name + "-" + i, concat(new byte[] {ALL_AT_ONCE}, said));
        }
    }

    private static byte[] concat(byte[] head, byte[] rest) {
        byte[] all = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return all;
    }

    private void save(Class<?> target, String name, byte[] bytes) {
        try {
            Path to = Files.createDirectories(seeds.resolve(target.getSimpleName()));
            Files.write(to.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
