package dev.nightjar.service.restore;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdException;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.run.RunContext;
import dev.nightjar.service.run.RunPhase;
import dev.nightjar.service.run.RunTask;
import dev.nightjar.storage.recover.RecoveryPointReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * Writes a point into somebody's NBD export: data with WRITE, zeros with WRITE_ZEROES, and a FLUSH at the end. What lies behind the disk's
 * size is left alone. A restore that fails leaves the export partly written, and says so.
 */
final class NbdRestore implements RunTask {

    private final RecoveryPointReader reader;
    private final NbdUri uri;

    private NbdRestore(RecoveryPointReader reader, NbdUri uri) {
        this.reader = reader;
        this.uri = uri;
    }

    /**
     * A restore to an export that answers, is writable, and large enough.
     *
     * @throws NbdException if it does not answer
     * @throws NightjarException NBD_READ_ONLY or NBD_TOO_SMALL
     */
    static NbdRestore to(RecoveryPointReader reader, String uri) {
        NbdRestore restore = new NbdRestore(reader, NbdUri.parse(uri));
        restore.open().close();
        return restore;
    }

    @Override
    public void execute(RunContext run) {
        run.enter(RunPhase.RESTORING);
        run.totals(reader.size());
        run.points(List.of(reader.point().id()));
        try (NbdClient target = open()) {
            ExportSink sink = new ExportSink(target);
            reader.regions(0, reader.size(), new WatchedSink(run, sink));
            sink.finish();
            run.enter(RunPhase.COMMITTING);
            sink.flush();
        } catch (IOException e) {
            // The sink fails with NbdException only.
            throw new UncheckedIOException(e);
        }
    }

    private NbdClient open() {
        NbdClient target = NbdClient.open(uri, NbdOptions.defaults());
        try {
            check(target);
            return target;
        } catch (RuntimeException e) {
            target.close();
            throw e;
        }
    }

    private void check(NbdClient target) {
        if (target.export().readOnly()) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "NBD_READ_ONLY",
                    "the export " + uri + " is read-only",
                    "Export the target writable, for example qemu-nbd without -r.");
        }
        if (target.export().size() < reader.size()) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "NBD_TOO_SMALL",
                    "the export " + uri + " has " + target.export().size() + " bytes, the disk " + reader.size(),
                    "Give the target at least the disk's size.");
        }
    }
}
