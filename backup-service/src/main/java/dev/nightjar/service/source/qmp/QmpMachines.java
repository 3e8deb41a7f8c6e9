package dev.nightjar.service.source.qmp;

import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.service.config.NightjarProperties;
import dev.nightjar.service.source.ProbedDisk;
import dev.nightjar.service.source.ProbedDisk.BitmapSupport;
import dev.nightjar.service.source.SourceRun;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.SourceSpec.QmpSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Machines under QMP. Thread-safe. */
@Component
public final class QmpMachines {

    private static final int EXTENDED_SINCE = 8_002;

    private final ActiveRuns active = new ActiveRuns();
    private final Path scratch;
    private final Clock clock;

    @Autowired
    QmpMachines(NightjarProperties properties, Clock clock) {
        this(properties.scratchDirectory(), clock);
    }

    QmpMachines(Path scratch, Clock clock) {
        this.scratch = scratch;
        this.clock = clock;
    }

    /** Connects for a run; see {@link dev.nightjar.service.source.Sources#open}. */
    public SourceSession open(QmpSource source, SourceRun run) {
        return QmpSession.open(source, run, scratch, active, clock);
    }

    /** Looks at a machine's disks and changes nothing. */
    public List<ProbedDisk> probe(QmpSource source) {
        if (source.nbdServer() != null) {
            NbdUri.parse(source.nbdServer());
        }
        try (QmpConnection connection = QmpConnection.open(Path.of(source.socket()), QmpLimits.DEFAULTS)) {
            BlockLayer machine = new BlockLayer(connection);
            QmpSession.requireSupport(QmpSchema.of(connection));
            NbdServer.requireKnown(machine, source.nbdServer());
            ReplyMode mode = version(connection) >= EXTENDED_SINCE ? ReplyMode.EXTENDED : ReplyMode.STRUCTURED;
            return DiskDiscovery.find(machine, source.disks()).stream()
                    .map(disk -> probed(disk, mode))
                    .toList();
        }
    }

    private static ProbedDisk probed(MachineDisk disk, ReplyMode mode) {
        return new ProbedDisk(
                disk.name(),
                disk.node().sizeBytes(),
                mode.name(),
                List.of(NbdOptions.BASE_ALLOCATION),
                mode == ReplyMode.EXTENDED,
                disk.node().keepsBitmaps() ? BitmapSupport.PERSISTENT : BitmapSupport.TRANSIENT);
    }

    // 8.2 is 8002.
    private static int version(QmpConnection connection) {
        JsonNode qemu = connection.execute("query-version").path("qemu");
        return qemu.path("major").asInt(0) * 1000 + qemu.path("minor").asInt(0);
    }
}
