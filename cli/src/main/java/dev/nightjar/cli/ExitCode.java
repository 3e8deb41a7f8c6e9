package dev.nightjar.cli;

/** How a command ends, for scripts. */
public final class ExitCode {

    public static final int SUCCESS = 0;
    /** It could not be done; standard error says why. */
    public static final int FAILURE = 1;
    /** The arguments are wrong; nothing was tried. */
    public static final int USAGE = 2;
    /** A check could not read everything, which says nothing about what it was to check; standard error says why. */
    public static final int UNFINISHED = 3;
    /** Nobody reads the output any more: what a shell shows for a program that SIGPIPE ended. */
    public static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
