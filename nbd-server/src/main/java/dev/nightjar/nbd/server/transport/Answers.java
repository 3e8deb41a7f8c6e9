package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.protocol.RequestHeader;
import dev.nightjar.nbd.server.transmission.Reply;
import dev.nightjar.nbd.server.transmission.Reservation;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Brings answers from the threads that found them to the event loop: the first one wakes it, those that come meanwhile go along, so
 * many answers cost one wake-up and one flush.
 */
final class Answers {

    /** A request and what it came to. */
    record Answer(RequestHeader request, Reply reply, Reservation memory) {}

    private final Queue<Answer> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final EventLoop eventLoop;
    private final Consumer<Answer> each;
    private final Runnable afterwards;

    /**
     * A connection's answers.
     *
     * @param each called on the event loop, or on any one thread when that has ended
     * @param afterwards called after the last of a batch
     */
    Answers(EventLoop eventLoop, Consumer<Answer> each, Runnable afterwards) {
        this.eventLoop = eventLoop;
        this.each = each;
        this.afterwards = afterwards;
    }

    /** From any thread. */
    void add(Answer answer) {
        queue.add(answer);
        if (waiting.getAndIncrement() == 0) {
            LoopTasks.run(eventLoop, this::drain);
        }
    }

    private void drain() {
        int seen = waiting.get();
        do {
            for (Answer answer = queue.poll(); answer != null; answer = queue.poll()) {
                each.accept(answer);
            }
            seen = waiting.addAndGet(-seen);
        } while (seen != 0);
        afterwards.run();
    }
}
