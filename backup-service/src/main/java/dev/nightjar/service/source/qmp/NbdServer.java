package dev.nightjar.service.source.qmp;

import dev.nightjar.nbd.client.NbdUri;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The NBD server inside QEMU, of which a process has one: the one it runs already, or one for the run. */
final class NbdServer {

    private static final String NBD = "nbd";

    private NbdServer() {}

    /**
     * Where a frozen view's exports will be reached; starts a server if the source does not name one.
     *
     * @param configured URI of the server that the machine runs, or null
     * @param socket where to start one otherwise
     * @param undo gets what stops a server that was started
     * @return the URI without an export
     * @throws QmpException QMP_NBD_SERVER_BUSY if the machine runs one that the source does not name
     */
    static NbdUri ready(BlockLayer machine, @Nullable String configured, Path socket, UndoStack undo) {
        if (configured != null) {
            return NbdUri.parse(configured);
        }
        try {
            machine.startNbdServer(socket);
        } catch (QmpException e) {
            // Its own socket still answers: a run that was killed left the server behind.
            if (e.reason() != QmpErrorCode.QMP_COMMAND_FAILED || !answers(socket)) {
                throw explained(e, socket);
            }
        }
        undo.push("stop the NBD server", () -> stop(machine));
        return new NbdUri(new NbdUri.Endpoint.Unix(socket), "");
    }

    /**
     * Says early that a machine serves exports already and nobody said where.
     *
     * @throws QmpException QMP_NBD_SERVER_BUSY
     */
    static void requireKnown(BlockLayer machine, @Nullable String configured) {
        boolean runs = machine.exports().stream()
                .anyMatch(export -> export.type().equals(NBD) && !export.id().startsWith(RunNames.OURS));
        if (configured == null && runs) {
            throw busy();
        }
    }

    // Somebody may have put exports of their own on it meanwhile; those are not ours to end.
    private static void stop(BlockLayer machine) {
        if (machine.exports().stream().noneMatch(export -> export.type().equals(NBD))) {
            machine.connection().execute("nbd-server-stop");
        }
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    private static QmpException explained(QmpException refused, Path socket) {
        String message = String.valueOf(refused.getMessage());
        if (message.contains("already running")) {
            return busy();
        }
        return new QmpException(
                QmpErrorCode.SCRATCH_UNUSABLE,
                "QEMU cannot listen at " + socket + ": " + message,
                "Set the source's scratchDirectory to one that QEMU may write and whose path is short (107 bytes in all).");
    }

    private static QmpException busy() {
        return new QmpException(
                QmpErrorCode.QMP_NBD_SERVER_BUSY,
                "The machine runs an NBD server already, and the source does not say where",
                "Set the source's nbdServer to its address, such as nbd+unix:///?socket=/path.");
    }
}
