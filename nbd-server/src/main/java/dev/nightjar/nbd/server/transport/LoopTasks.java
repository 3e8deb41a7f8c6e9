package dev.nightjar.nbd.server.transport;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;

/** Work for the event loop that has to be done even if the loop has ended: what is left then is to give back what is held. */
final class LoopTasks {

    private LoopTasks() {}

    /** On the event loop: at once if this is it, else later; here, if it has ended. */
    static void run(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }
}
