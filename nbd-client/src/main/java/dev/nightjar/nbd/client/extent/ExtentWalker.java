package dev.nightjar.nbd.client.extent;

import dev.nightjar.nbd.client.extent.StatusSource.StatusReply;
import dev.nightjar.nbd.protocol.Errno;
import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.protocol.ViolationException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Walks a range of an export by block status, in as many rounds as the server needs. Reusable; one walk at a time.
 *
 * <p>A server may answer with one extent or many, with less than was asked or more, and differently for each context. Asked
 * for the range between the bars, with two contexts:
 *
 * <pre>
 *               at                             at + want
 * single         |=============A=================|          one extent, exactly as long as asked
 * short          |====A====|==B==|               |          the answer ends early: the next round begins where B ends
 * long           |====A====|==========B==========|=====     the last extent runs past: it is clipped
 *
 * two contexts   |====A====|==B==|
 *                |=x=|======y======|===z===|                covered is what both cover: up to the end of B
 * next round                     |------------------&gt;
 * </pre>
 *
 * <p>Every round covers at least one byte, because every context has at least one extent and none is empty.
 */
public final class ExtentWalker {

    private final StatusSource source;
    private final WalkLimits limits;
    private final StatusMerge merge;

    /**
     * A walker over contexts that were granted.
     *
     * @param contexts names; without any, a walk is one extent without status
     */
    public ExtentWalker(StatusSource source, Collection<String> contexts, WalkLimits limits) {
        this.source = source;
        this.limits = limits;
        this.merge = new StatusMerge(contexts);
    }

    /**
     * Hands the extents of the range to the sink, in order, without gaps, neighbours of equal status joined. What the sink
     * got before a failure is true.
     *
     * @throws ViolationException if a reply breaks a rule; the connection must not be used any more
     */
    public void walk(long offset, long length, Consumer<Extent> sink) {
        ExtentRun run = new ExtentRun(merge.names(), sink);
        long end = Math.addExact(offset, length);
        long at = offset;
        long ask = merge.names().isEmpty() ? length : limits.maximumAsk();
        long rounds = 0;
        while (at < end) {
            if (merge.names().isEmpty()) {
                run.add(at, length, new long[0]);
                break;
            }
            if (++rounds > limits.rounds()) {
                throw new ViolationException(
                        Violation.STATUS_ROUNDS, "after %d rounds only up to offset %d".formatted(limits.rounds(), at));
            }
            long want = Math.min(ask, end - at);
            switch (source.ask(at, want)) {
                case StatusReply.Statuses reply -> at += merge.into(run, at, want, reply);
                case StatusReply.Refused(Errno errno, RuntimeException failure) -> ask = half(want, errno, failure);
            }
        }
        run.end();
    }

    /**
     * The extent that begins at an offset, by a request for one extent of each context. Where the contexts differ in length it is as
     * long as the shortest.
     *
     * @throws ViolationException if the reply breaks a rule; the connection must not be used any more
     */
    public Extent first(long offset, long length) {
        List<Extent> found = new ArrayList<>(1);
        ExtentRun run = new ExtentRun(merge.names(), found::add);
        long want = Math.min(length, limits.maximumAsk());
        while (found.isEmpty()) {
            if (merge.names().isEmpty()) {
                run.add(offset, length, new long[0]);
            } else {
                switch (source.ask(offset, want)) {
                    case StatusReply.Statuses reply -> merge.into(run, offset, want, reply);
                    case StatusReply.Refused(Errno errno, RuntimeException failure) ->
                        want = half(want, errno, failure);
                }
            }
            run.end();
        }
        return found.getFirst();
    }

    /** Some servers refuse a range that is too long for them rather than answer a part of it. */
    private long half(long want, Errno errno, RuntimeException failure) {
        long half = want / 2 / limits.minimumBlock() * limits.minimumBlock();
        if ((errno != Errno.EINVAL && errno != Errno.EOVERFLOW) || half == 0) {
            throw failure;
        }
        return half;
    }
}
