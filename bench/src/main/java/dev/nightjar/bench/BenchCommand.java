package dev.nightjar.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the benchmarks. Exit code 0 if they ran, whatever came out; 1 if one failed; 2 if the arguments are wrong. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {NbdBench.class, StorageBench.class},
        description = "Measures Nightjar side by side with its peers.")
final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to measure: nbd or storage");
    }
}
