package dev.nightjar.service.export;

import dev.nightjar.nbd.server.export.ExportStatistics;
import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.export.endpoint.NbdEndpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Says whether a recovery point can be made of an export. */
final class Keepable {

    private Keepable() {}

    /**
     * The export, if a point can be made of it now.
     *
     * @throws NightjarException EXPORT_READ_ONLY, EXPORT_UNAVAILABLE, EXPORT_UNCHANGED, EXPORT_IN_USE
     */
    static OpenExport require(ServedDiskFacts facts, @Nullable OpenExport export, NbdEndpoint endpoint) {
        if (!facts.writable()) {
            throw conflict(
                    "EXPORT_READ_ONLY",
                    facts.name() + " is read-only: it is the point that it shows",
                    "Nothing is to be done.");
        }
        if (export == null) {
            throw conflict(
                    "EXPORT_UNAVAILABLE",
                    facts.name() + " cannot be served now, and not be kept either",
                    "The export says what is wrong.");
        }
        if (!export.isChanged()) {
            throw conflict("EXPORT_UNCHANGED", "nothing was written to " + facts.name(), "Close it instead.");
        }
        int clients =
                endpoint.statistics(facts.name()).map(ExportStatistics::clients).orElse(0);
        if (clients > 0) {
            throw conflict(
                    "EXPORT_IN_USE",
                    clients + (clients == 1 ? " client is" : " clients are") + " connected to " + facts.name(),
                    "Shut the machine down, or detach the disk: a point of a disk that is being written would be torn.");
        }
        return export;
    }

    private static NightjarException conflict(String code, String message, String hint) {
        return new NightjarException(HttpStatus.CONFLICT, code, message, hint);
    }
}
