package dev.nightjar.cli;

import dev.nightjar.cli.copy.CopyCommand;
import dev.nightjar.cli.nbd.InfoCommand;
import dev.nightjar.cli.nbd.ListCommand;
import dev.nightjar.cli.nbd.MapCommand;
import dev.nightjar.cli.nbd.NbdCommand;
import dev.nightjar.cli.repository.CheckCommand;
import dev.nightjar.cli.repository.InspectCommand;
import dev.nightjar.cli.repository.RepositoryCommand;
import dev.nightjar.cli.repository.RestoreCommand;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of all commands. Exit codes are those of {@link ExitCode}. */
@Command(
        name = "nightjar",
        mixinStandardHelpOptions = true,
        version = "Nightjar 0.1.0",
        description = "Nightjar's command line: tools that need no service.")
public final class Nightjar implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(commandLine(Streams.ofThisProcess()).execute(arguments));
    }

    /** All commands, writing to these streams. */
    static CommandLine commandLine(Streams streams) {
        CommandLine nbd = new CommandLine(new NbdCommand())
                .addSubcommand(new InfoCommand(streams))
                .addSubcommand(new ListCommand(streams))
                .addSubcommand(new MapCommand(streams))
                .addSubcommand(new CopyCommand(streams));
        CommandLine repository = new CommandLine(new RepositoryCommand())
                .addSubcommand(new InspectCommand(streams))
                .addSubcommand(new CheckCommand(streams))
                .addSubcommand(new RestoreCommand(streams));
        FailureReport failures = new FailureReport(streams.errors());
        return new CommandLine(new Nightjar())
                .addSubcommand(nbd)
                .addSubcommand(repository)
                .setOut(writer(streams.out()))
                .setErr(writer(streams.errors()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
