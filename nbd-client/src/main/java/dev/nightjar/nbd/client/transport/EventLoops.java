package dev.nightjar.nbd.client.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;

/** The threads that all connections of the process share: daemons, one for each processor, started when first needed. */
final class EventLoops {

    private EventLoops() {}

    private static final class Shared {
        private static final EventLoopGroup GROUP = start();

        private static EventLoopGroup start() {
            Epoll.ensureAvailability();
            return new MultiThreadIoEventLoopGroup(
                    Runtime.getRuntime().availableProcessors(),
                    new DefaultThreadFactory("nbd-client", true),
                    EpollIoHandler.newFactory());
        }
    }

    /** Whether this thread is one of them. */
    static boolean isCurrent() {
        return Thread.currentThread() instanceof FastThreadLocalThread && current();
    }

    private static boolean current() {
        for (EventExecutor each : Shared.GROUP) {
            if (each.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    static EventLoopGroup shared() {
        return Shared.GROUP;
    }
}
