package dev.nightjar.service.source.nbd;

import dev.nightjar.nbd.client.ExportInfo;
import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.nbd.protocol.ReplyMode;
import dev.nightjar.service.source.OpenExport;
import dev.nightjar.service.source.ProbedDisk;
import dev.nightjar.service.source.ProbedDisk.BitmapSupport;
import dev.nightjar.service.source.SourceSpec.NbdDisk;
import dev.nightjar.service.source.SourceSpec.NbdSource;
import java.util.List;

/** Finds out what exports offer. */
public final class NbdProbe {

    private NbdProbe() {}

    /** Connects to each export, one after the other. */
    public static List<ProbedDisk> probe(NbdSource source) {
        return source.disks().stream().map(NbdProbe::probe).toList();
    }

    private static ProbedDisk probe(NbdDisk disk) {
        try (OpenExport export = OpenExport.open(NbdUri.parse(disk.uri()), NbdSession.dirtyContext(disk), true)) {
            ExportInfo info = export.client().export();
            return new ProbedDisk(
                    disk.name(),
                    info.size(),
                    info.mode().name(),
                    info.contexts().stream().sorted().toList(),
                    info.mode() == ReplyMode.EXTENDED,
                    export.dirtyContext() == null ? BitmapSupport.NONE : BitmapSupport.EXTERNAL);
        }
    }
}
