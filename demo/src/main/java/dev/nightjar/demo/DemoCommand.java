package dev.nightjar.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The {@code demo} command: exit code 0 if everything holds, 1 if anything differs or fails, 2 if the arguments are wrong. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Backs up a live QEMU disk, lets it change, backs it up again, restores both points and compares them.")
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--service-jar", required = true, hidden = true, description = "the appliance")
    private Path serviceJar = Path.of("");

    @Option(names = "--exit", description = "end when done, instead of keeping the dashboard up until Ctrl-C")
    private boolean exit;

    @Option(names = "--report", paramLabel = "FILE", description = "write the numbers as JSON")
    private @Nullable Path report;

    @Option(names = "--keep", paramLabel = "DIR", description = "work in this directory and leave everything there")
    private @Nullable Path keep;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "4G",
            converter = SizeConverter.class,
            description = "virtual size of the disk, at least 1G (default: ${DEFAULT-VALUE})")
    private long size = 4 * Bytes.GIB;

    @Option(names = "--port", description = "the appliance's port (default: 8740, or a free one if that is taken)")
    private int port;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DemoCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (report != null && !canHold(report)) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this), "the report cannot be written to " + report);
        }
        Screen screen = Screen.ofThisProcess();
        try (Workspace workspace = Workspace.create(keep)) {
            Runtime.getRuntime().addShutdownHook(new Thread(workspace::close, "demo-clean-up"));
            Report result = new Demo(screen, workspace, serviceJar, size, port).run();
            if (report != null) {
                JsonMapper json = JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build();
                Files.writeString(report, json.writeValueAsString(result) + "\n");
            }
            stayUp(screen, result);
            return result.passed() ? 0 : 1;
        } catch (RuntimeException e) {
            screen.failure("The demo failed: " + e.getMessage());
            if (keep == null) {
                screen.text("  --keep DIR leaves logs and disks there.");
            }
            return 1;
        }
    }

    private static boolean canHold(Path report) {
        Path directory = report.toAbsolutePath().getParent();
        return directory != null && Files.isDirectory(directory) && !Files.isDirectory(report);
    }

    private void stayUp(Screen screen, Report result) throws InterruptedException {
        if (exit) {
            return;
        }
        screen.text("\n  " + screen.bold("Dashboard: " + result.dashboard()) + "   (Ctrl-C ends it"
                + (keep == null ? " and removes everything)" : "; everything stays in " + keep + ")"));
        new CountDownLatch(1).await();
    }

    /** Sizes with a unit; too small ones leave no room for the files. */
    static final class SizeConverter implements CommandLine.ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                long bytes = Bytes.parse(text);
                if (bytes >= Bytes.GIB) {
                    return bytes;
                }
            } catch (IllegalArgumentException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
            throw new CommandLine.TypeConversionException("the disk has to have at least 1G");
        }
    }
}
