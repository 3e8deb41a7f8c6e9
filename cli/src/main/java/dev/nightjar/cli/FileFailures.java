package dev.nightjar.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What went wrong with a local file, in words. */
public final class FileFailures {

    private FileFailures() {}

    public static CommandFailure of(String doing, Path file, IOException e) {
        return new CommandFailure(
                CommandErrorCode.FILE_ERROR, "cannot %s %s: %s".formatted(doing, file, reason(e)), hint(e), e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "it does not exist";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String hint(IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return full
                ? "Make room; what was written so far is not the whole disk."
                : "Check the path and who may use it.";
    }
}
