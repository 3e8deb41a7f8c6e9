package dev.nightjar.nbd.protocol;

import org.jspecify.annotations.Nullable;

/** What a request wants done. */
public enum Command {
    READ(0),
    WRITE(1),
    DISCONNECT(2),
    FLUSH(3),
    TRIM(4),
    CACHE(5),
    WRITE_ZEROES(6),
    BLOCK_STATUS(7);

    private static final Command[] BY_NUMBER = values();

    private final int number;

    Command(int number) {
        this.number = number;
    }

    /** On the wire, 16 bits. */
    public int number() {
        return number;
    }

    static Command of(int number) {
        Command command = find(number);
        if (command == null) {
            throw new ViolationException(Violation.REQUEST_COMMAND, "command " + number);
        }
        return command;
    }

    static @Nullable Command find(int number) {
        return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
