package dev.nightjar.testkit;

/** A peer could not be started, driven or understood; the message carries the peer's own output. */
public class TestkitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TestkitException(String message) {
        super(message);
    }

    public TestkitException(String message, Throwable cause) {
        super(message, cause);
    }
}
