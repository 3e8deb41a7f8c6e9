package dev.nightjar.service.backup.plan;

import java.util.function.Consumer;

/** Adds up what a plan is going to do, in bytes. Confined to one thread. */
public final class PlanTotals implements Consumer<PlanStep> {

    private long keep;
    private long zero;
    private long read;

    @Override
    public void accept(PlanStep step) {
        switch (step.action()) {
            case KEEP -> keep += step.length();
            case ZERO -> zero += step.length();
            case READ -> read += step.length();
        }
    }

    /** Bytes that stay the previous point's. */
    public long keepBytes() {
        return keep;
    }

    /** Bytes that are recorded as zeros without reading. */
    public long zeroBytes() {
        return zero;
    }

    /** Bytes to be read. */
    public long readBytes() {
        return read;
    }

    /** Bytes in chunks that are dirty, all of them in a full read. */
    public long dirtyBytes() {
        return zero + read;
    }
}
