package dev.nightjar.cli.repository;

import dev.nightjar.cli.Streams;
import dev.nightjar.storage.offline.OfflineRepository;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all tools for repositories take. */
final class RepositoryOptions {

    @Mixin
    private KeyOptions key = new KeyOptions();

    @Option(
            names = "--progress",
            negatable = true,
            defaultValue = Option.NULL_VALUE,
            description = "show a progress bar, or do not (default: if standard error is a terminal)")
    private @Nullable Boolean progress;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Parameters(index = "0", paramLabel = "LOCATION", description = "a directory, or s3://BUCKET/PREFIX?endpoint=…")
    private String location = "";

    boolean json() {
        return json;
    }

    OpenedRepository open(Streams streams) {
        return OpenedRepository.open(location, blobs -> key.open(blobs, streams));
    }

    OpenedRepository openLocked() {
        return OpenedRepository.open(location, OfflineRepository::openLocked);
    }

    ProgressBars progress(Streams streams) {
        return new ProgressBars(streams, progress == null ? streams.terminal() && !json : progress);
    }
}
