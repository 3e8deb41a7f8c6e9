package dev.nightjar.cli.nbd;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of the NBD tools. */
@Command(
        name = "nbd",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at NBD servers and copies their disks.",
            "",
            "A URI is nbd://HOST[:PORT]/EXPORT or nbd+unix:///EXPORT?socket=PATH; nbds and nbds+unix require TLS."
        })
public final class NbdCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: info, list, map or copy");
    }
}
