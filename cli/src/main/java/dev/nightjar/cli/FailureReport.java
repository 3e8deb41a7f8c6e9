package dev.nightjar.cli;

import dev.nightjar.nbd.client.NbdErrorCode;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.io.PrintStream;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says on standard error what went wrong: {@code CODE: message}, then a hint. No stack traces, except for our own defects. */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final PrintStream errors;

    FailureReport(PrintStream errors) {
        this.errors = errors;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        return usage(String.valueOf(e.getMessage()), command + " --help tells what can be said.");
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult result) {
        Throwable failure = thrown instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : thrown;
        return switch (failure) {
            case ParameterException e -> handleParseException(e, new String[0]);
            case NbdException e when e.code() == NbdErrorCode.INVALID_URI -> usage(e.code(), e);
            case NbdException e -> report(e.code().name(), String.valueOf(e.getMessage()), e.hint(), ExitCode.FAILURE);
            case StorageException e
            when e.code() == StorageErrorCode.INVALID_ARGUMENT -> usage(String.valueOf(e.getMessage()), e.hint());
            case StorageException e ->
                report(
                        e.code().name(),
                        String.valueOf(e.getMessage()),
                        e.hint(),
                        command.getCommandSpec().exitCodeOnExecutionException());
            case CommandFailure e -> ours(e);
            default -> {
                failure.printStackTrace(errors);
                yield report(
                        CommandErrorCode.INTERNAL.name(),
                        String.valueOf(failure),
                        "This is a defect of Nightjar; please report it with the lines above.",
                        ExitCode.FAILURE);
            }
        };
    }

    private int ours(CommandFailure e) {
        return switch (e.code()) {
            case INVALID_ARGUMENT -> usage(String.valueOf(e.getMessage()), e.hint());
            case OUTPUT_FAILED -> {
                boolean pipe = e.getCause() != null
                        && "Broken pipe".equals(e.getCause().getMessage());
                yield pipe ? ExitCode.BROKEN_PIPE : failure(e);
            }
            case FILE_ERROR, TARGET_TOO_SMALL, TOO_MANY_STATUSES, INTERNAL -> failure(e);
        };
    }

    private int failure(CommandFailure e) {
        return report(e.code().name(), String.valueOf(e.getMessage()), e.hint(), ExitCode.FAILURE);
    }

    private int usage(NbdErrorCode code, NbdException e) {
        return report(code.name(), String.valueOf(e.getMessage()), e.hint(), ExitCode.USAGE);
    }

    private int usage(String message, String hint) {
        return report(CommandErrorCode.INVALID_ARGUMENT.name(), message, hint, ExitCode.USAGE);
    }

    private int report(String code, String message, String hint, int exitCode) {
        errors.println(code + ": " + message);
        if (!hint.isEmpty()) {
            errors.println("  " + hint);
        }
        return exitCode;
    }
}
