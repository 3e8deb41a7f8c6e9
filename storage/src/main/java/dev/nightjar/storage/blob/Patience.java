package dev.nightjar.storage.blob;

import java.lang.ScopedValue.CallableOp;

/**
 * How long a store that does not answer is waited for. A backup asks again for minutes; whoever has somebody waiting for an answer asks {@link #briefly}, and is told within seconds. Holds for
 * the thread, and not for threads that it starts.
 */
public final class Patience {

    private static final ScopedValue<Boolean> BRIEF = ScopedValue.newInstance();

    private Patience() {}

    /**
     * Works without waiting for a store for long.
     *
     * @throws X what the work throws
     */
    public static <T, X extends Throwable> T briefly(CallableOp<T, X> work) throws X {
        return ScopedValue.where(BRIEF, true).call(work);
    }

    /**
     * Works with all patience again, within work that began without: what has begun to be answered is not to break off.
     *
     * @throws X what the work throws
     */
    public static <T, X extends Throwable> T atLength(CallableOp<T, X> work) throws X {
        return ScopedValue.where(BRIEF, false).call(work);
    }

    /** Whether this thread waits for no store for long. */
    public static boolean isBrief() {
        return BRIEF.orElse(false);
    }
}
