package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.server.export.ExportClient;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** A connection's place at an export, from opening it on. Passes on to the event loop what the export has to say. */
final class Seat implements ExportClient {

    private final Channel channel;
    private @Nullable TransmissionHandler transmission;
    private boolean retired;

    Seat(Channel channel) {
        this.channel = channel;
    }

    /** See {@link LoopTasks#run}. */
    void run(Runnable task) {
        LoopTasks.run(channel.eventLoop(), task);
    }

    void take(TransmissionHandler handler) {
        transmission = handler;
        if (retired) {
            handler.retire();
        }
    }

    @Override
    public void retire() {
        run(() -> {
            retired = true;
            if (transmission != null) {
                transmission.retire();
            }
        });
    }

    @Override
    public void cutOff() {
        var _ = channel.close();
    }
}
