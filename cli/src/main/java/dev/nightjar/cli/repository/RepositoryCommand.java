package dev.nightjar.cli.repository;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The group of the tools for repositories. */
@Command(
        name = "repository",
        mixinStandardHelpOptions = true,
        description = {
            "Looks at repositories, checks them and restores from them, without a database and without a service. A repository is never changed; services may use it meanwhile.",
            "",
            "A location is a directory or s3://BUCKET/PREFIX?endpoint=URL&region=NAME. Access keys come from where AWS's tools look: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile."
        })
public final class RepositoryCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: inspect, check or restore");
    }
}
