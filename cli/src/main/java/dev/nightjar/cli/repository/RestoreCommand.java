package dev.nightjar.cli.repository;

import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Sizes;
import dev.nightjar.cli.Streams;
import dev.nightjar.storage.offline.OfflineRepository;
import dev.nightjar.storage.point.PointRecord;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** {@code repository restore}: a point as a raw file, when nothing is left but the repository. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Restores a point to a raw file with holes where the disk is zero.",
            "Every chunk is checked before it is written, and the file gets its name when all of it is on stable storage: a file of that name is the whole disk. A file that exists is never overwritten."
        })
public final class RestoreCommand implements Callable<Integer> {

    private final Streams streams;

    @Mixin
    private RepositoryOptions options = new RepositoryOptions();

    @Parameters(index = "1", paramLabel = "POINT", description = "the point's id")
    private String point = "";

    @Parameters(index = "2", paramLabel = "FILE", description = "the file to make")
    private Path file = Path.of("");

    public RestoreCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        UUID id = InspectCommand.pointId(point);
        RestoredFile.requireAbsent(file);
        PointRecord restored;
        RestoredFile target;
        try (OpenedRepository opened = options.open(streams);
                ProgressBars progress = options.progress(streams)) {
            OfflineRepository repository = opened.repository();
            restored = repository.point(id);
            target = RestoredFile.write(file, repository.reader(restored, progress), progress);
        }
        if (!restored.damaged().isEmpty()) {
            streams.errors()
                    .println("The disk could not be read in %d places (%s) when the point was taken; there are zeros."
                            .formatted(
                                    restored.damaged().ranges().size(),
                                    Sizes.rounded(restored.damaged().bytes())));
        }
        long written = target.writtenBytes();
        if (options.json()) {
            new ResultOutput(streams).json(false, out -> json(out, restored, written));
        } else {
            new ResultOutput(streams)
                    .text(out -> out.print("restored %s to %s: %s, %s of it data"
                            .formatted(id, file, Sizes.rounded(restored.sizeBytes()), Sizes.rounded(written))));
        }
        return ExitCode.SUCCESS;
    }

    private void json(JsonGenerator out, PointRecord restored, long written) {
        out.writeStartObject();
        RepositoryJson.facts(out, restored);
        out.writeStringProperty("file", file.toString());
        out.writeNumberProperty("dataBytes", written);
        PointOutput.ranges(out, "damaged", restored.damaged().ranges());
        out.writeEndObject();
    }
}
