package dev.nightjar.testkit;

import java.util.ArrayList;
import java.util.List;

/** {@code qemu-io}: reads and writes a disk by commands, as its documentation describes them. Blocking. */
public final class QemuIo {

    private QemuIo() {}

    /**
     * Runs the commands one after the other on one open disk.
     *
     * @return what qemu-io printed
     * @throws TestkitException if any command failed; the ones before it have been done
     */
    public static String run(DiskRef disk, List<String> commands) {
        List<String> arguments =
                new ArrayList<>(List.of("-f", disk.format(), "-d", "unmap", "-t", "writeback", disk.location()));
        for (String command : commands) {
            arguments.add("-c");
            arguments.add(command);
        }
        Command.Result result = Command.of(Tool.QEMU_IO, arguments).runToEnd();
        String said = result.output() + result.errors();
        if (result.exitCode() != 0 || said.contains("failed:")) {
            throw new TestkitException("qemu-io on " + disk.location() + " failed\n" + said);
        }
        return said;
    }

    public static String run(DiskRef disk, String... commands) {
        return run(disk, List.of(commands));
    }
}
