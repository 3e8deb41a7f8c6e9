package dev.nightjar.service.source.connect;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.source.ProbedDisk;
import dev.nightjar.service.source.SourceProber;
import dev.nightjar.service.source.SourceRun;
import dev.nightjar.service.source.SourceSession;
import dev.nightjar.service.source.SourceSpec;
import dev.nightjar.service.source.SourceSpec.NbdDisk;
import dev.nightjar.service.source.SourceSpec.NbdSource;
import dev.nightjar.service.source.SourceSpec.QmpSource;
import dev.nightjar.service.source.Sources;
import dev.nightjar.service.source.nbd.NbdProbe;
import dev.nightjar.service.source.nbd.NbdSession;
import dev.nightjar.service.source.qmp.QmpMachines;
import java.time.Clock;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Opens and probes every kind of source. Thread-safe. */
@Component
final class SourceConnector implements Sources, SourceProber {

    private final QmpMachines machines;
    private final Clock clock;

    SourceConnector(QmpMachines machines, Clock clock) {
        this.machines = machines;
        this.clock = clock;
    }

    @Override
    public SourceSession open(SourceSpec source, SourceRun run) {
        return switch (source) {
            case NbdSource nbd -> new NbdSession(checked(nbd), clock);
            case QmpSource qmp -> machines.open(qmp, run);
        };
    }

    @Override
    public List<ProbedDisk> probe(SourceSpec source) {
        return switch (source) {
            case NbdSource nbd -> NbdProbe.probe(checked(nbd));
            case QmpSource qmp -> machines.probe(qmp);
        };
    }

    private static NbdSource checked(NbdSource source) {
        List<String> names = source.disks().stream().map(NbdDisk::name).toList();
        if (names.stream().distinct().count() < names.size()) {
            throw new NightjarException(
                    HttpStatus.BAD_REQUEST,
                    "SOURCE_INVALID",
                    "two disks of the source have the same name",
                    "Give each disk a name of its own, such as the guest's device.");
        }
        return source;
    }
}
