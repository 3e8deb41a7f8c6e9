package dev.nightjar.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code qemu-img}: creates, converts, compares and describes disks. Every call runs the program once and blocks. */
public final class QemuImg {

    private static final JsonMapper JSON = JsonMapper.shared();

    private QemuImg() {}

    /** Creates an empty disk; options are qemu-img's {@code -o}, for example {@code cluster_size=65536}. */
    public static void create(DiskRef disk, long size, String... options) {
        List<String> arguments = new ArrayList<>(List.of("create", "-q", "-f", disk.format()));
        for (String option : options) {
            arguments.addAll(List.of("-o", option));
        }
        arguments.addAll(List.of(disk.location(), Long.toString(size)));
        Command.of(Tool.QEMU_IMG, arguments).run();
    }

    /** Copies the content of one disk into a new one; zeros become holes. */
    public static void convert(DiskRef from, DiskRef to) {
        Command.of(Tool.QEMU_IMG, "convert", "-f", from.format(), "-O", to.format(), from.location(), to.location())
                .run();
    }

    /**
     * Compares content and size.
     *
     * @throws TestkitException if one of them cannot be read
     */
    public static Comparison compare(DiskRef one, DiskRef other) {
        Command.Result result = Command.of(
                        Tool.QEMU_IMG,
                        "compare",
                        "-f",
                        one.format(),
                        "-F",
                        other.format(),
                        one.location(),
                        other.location())
                .runToEnd();
        String said = (result.output() + result.errors()).strip();
        return switch (result.exitCode()) {
            case 0 -> sameSize(one, other, said);
            case 1 -> new Comparison(false, said);
            default -> throw new TestkitException("qemu-img compare failed: " + said);
        };
    }

    /** qemu-img calls a longer disk identical if the rest is zero; a restored disk has to have the same size too. */
    private static Comparison sameSize(DiskRef one, DiskRef other, String said) {
        long size = virtualSize(one);
        long otherSize = virtualSize(other);
        return size == otherSize
                ? new Comparison(true, said)
                : new Comparison(false, "sizes differ: %d and %d bytes".formatted(size, otherSize));
    }

    /** {@code qemu-img info --output=json}. */
    public static JsonNode info(DiskRef disk) {
        return JSON.readTree(
                Command.of(Tool.QEMU_IMG, "info", "-U", "--output=json", "-f", disk.format(), disk.location())
                        .run());
    }

    public static long virtualSize(DiskRef disk) {
        return info(disk).required("virtual-size").asLong();
    }

    /** The extents that {@code qemu-img map --output=json} prints. */
    public static List<MapEntry> map(DiskRef disk) {
        return mapOf(Command.of(Tool.QEMU_IMG, "map", "-U", "--output=json", "-f", disk.format(), disk.location())
                .run());
    }

    /**
     * The extents of a dirty bitmap as QEMU's own NBD client sees them, independent of Nightjar's walker.
     *
     * @param socket the server's unix socket
     * @param context the metadata context, for example {@code qemu:dirty-bitmap:b0}
     * @return dirty extents only, in order
     */
    public static List<MapEntry> dirtyExtents(Path socket, String export, String context) {
        String options = "driver=nbd,server.type=unix,server.path=%s,export=%s,x-dirty-bitmap=%s"
                .formatted(socket, export, context);
        return mapOf(Command.of(Tool.QEMU_IMG, "map", "--output=json", "--image-opts", options)
                        .run())
                .stream()
                .filter(entry -> !entry.data())
                .toList();
    }

    private static List<MapEntry> mapOf(String json) {
        List<MapEntry> entries = new ArrayList<>();
        for (JsonNode node : JSON.readTree(json)) {
            entries.add(new MapEntry(
                    node.required("start").asLong(),
                    node.required("length").asLong(),
                    node.required("zero").asBoolean(),
                    node.required("data").asBoolean()));
        }
        return entries;
    }

    /** Adds a persistent dirty bitmap to a qcow2 file that nobody has open. */
    public static void addBitmap(Path qcow2, String name, int granularityBytes) {
        Command.of(
                        Tool.QEMU_IMG,
                        "bitmap",
                        "--add",
                        "-f",
                        "qcow2",
                        "-g",
                        Integer.toString(granularityBytes),
                        qcow2.toString(),
                        name)
                .run();
    }

    /** Names of the persistent bitmaps in a qcow2 file. */
    public static List<String> bitmaps(Path qcow2) {
        List<String> names = new ArrayList<>();
        for (JsonNode bitmap :
                info(DiskRef.qcow2(qcow2)).path("format-specific").path("data").path("bitmaps")) {
            names.add(bitmap.required("name").asString());
        }
        return names;
    }

    /**
     * Whether two disks hold the same.
     *
     * @param identical true if content and size are equal
     * @param detail what qemu-img said, for example the first offset that differs
     */
    public record Comparison(boolean identical, String detail) {}

    /**
     * One extent; offsets and lengths in bytes.
     *
     * @param zero reads as zeros
     * @param data allocated; in a dirty bitmap's map false means dirty
     */
    public record MapEntry(long start, long length, boolean zero, boolean data) {}
}
