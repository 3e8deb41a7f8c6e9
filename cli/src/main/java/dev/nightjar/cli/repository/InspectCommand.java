package dev.nightjar.cli.repository;

import dev.nightjar.cli.CommandErrorCode;
import dev.nightjar.cli.CommandFailure;
import dev.nightjar.cli.ExitCode;
import dev.nightjar.cli.ResultOutput;
import dev.nightjar.cli.Streams;
import dev.nightjar.storage.offline.MapStatistics;
import dev.nightjar.storage.offline.OfflineRepository;
import dev.nightjar.storage.offline.RepositoryFacts;
import dev.nightjar.storage.pack.PackId;
import dev.nightjar.storage.pack.StoredPack;
import dev.nightjar.storage.point.PointRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repository inspect}: what a repository, a point or a pack is. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows what a repository holds: format, packs, how much of them is needed, and every point with what only it takes.",
            "With a point's id: that point and the shape of its map. With \"pack\" and a hash: that pack's frames."
        })
public final class InspectCommand implements Callable<Integer> {

    private static final String PACK = "pack";

    private final Streams streams;

    @Mixin
    private RepositoryOptions options = new RepositoryOptions();

    @Option(
            names = "--without-key",
            description = "look at an encrypted repository without its key: its points are only counted")
    private boolean withoutKey;

    @Parameters(index = "1..*", arity = "0..2", paramLabel = "POINT | pack HASH", description = "what to look at")
    private List<String> what = new ArrayList<>();

    public InspectCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        switch (what.size()) {
            case 0 -> inspectRepository();
            case 1 -> inspectPoint(pointId(what.getFirst()));
            case 2 -> inspectPack(packId());
            default -> throw usage("too much to look at: " + String.join(" ", what));
        }
        return ExitCode.SUCCESS;
    }

    private void inspectRepository() {
        RepositoryFacts facts;
        try (OpenedRepository opened = withoutKey ? options.openLocked() : options.open(streams);
                ProgressBars progress = options.progress(streams)) {
            facts = opened.repository().facts(progress);
        }
        if (options.json()) {
            output().json(false, out -> RepositoryJson.write(out, facts));
        } else {
            output().text(out -> RepositoryText.write(out, facts));
        }
    }

    private void inspectPoint(UUID id) {
        PointRecord point;
        MapStatistics map;
        try (OpenedRepository opened = options.open(streams);
                ProgressBars progress = options.progress(streams)) {
            OfflineRepository repository = opened.repository();
            point = repository.point(id);
            map = repository.map(point, progress);
        }
        if (options.json()) {
            output().json(false, out -> PointOutput.json(out, point, map));
        } else {
            output().text(out -> PointOutput.text(out, point, map));
        }
    }

    private void inspectPack(PackId id) {
        StoredPack pack;
        boolean sound;
        // The key is no help with what a directory says.
        try (OpenedRepository opened = options.openLocked()) {
            pack = opened.repository().pack(id);
            sound = opened.repository().proves(pack);
        }
        if (options.json()) {
            output().json(false, out -> PackOutput.json(out, pack, sound));
        } else {
            output().text(out -> PackOutput.text(out, pack, sound));
        }
    }

    private ResultOutput output() {
        return new ResultOutput(streams);
    }

    static UUID pointId(String text) {
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            throw usage("not the id of a point: " + text);
        }
        throw usage("not the id of a point: " + text);
    }

    private PackId packId() {
        if (!what.getFirst().equals(PACK)) {
            throw usage("not something to look at: " + String.join(" ", what));
        }
        try {
            return new PackId(what.get(1));
        } catch (IllegalArgumentException e) {
            throw usage("not the hash of a pack: " + what.get(1));
        }
    }

    private static CommandFailure usage(String message) {
        return new CommandFailure(
                CommandErrorCode.INVALID_ARGUMENT, message, "nightjar repository inspect LOCATION lists the points.");
    }
}
