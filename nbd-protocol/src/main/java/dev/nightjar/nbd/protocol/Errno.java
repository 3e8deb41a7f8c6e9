package dev.nightjar.nbd.protocol;

/** Error numbers of the protocol, which are Linux's but not the platform's. */
public enum Errno {
    EPERM(1),
    EIO(5),
    ENOMEM(12),
    EINVAL(22),
    ENOSPC(28),
    EOVERFLOW(75),
    ENOTSUP(95),
    ESHUTDOWN(108);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** On the wire, 32 bits. */
    public int number() {
        return number;
    }

    /** Any number but 0; one that is not known counts as EINVAL, as the protocol wants it. */
    public static Errno of(long number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return EINVAL;
    }
}
