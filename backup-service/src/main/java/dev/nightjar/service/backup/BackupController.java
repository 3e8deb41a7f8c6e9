package dev.nightjar.service.backup;

import dev.nightjar.service.run.RunTrigger;
import dev.nightjar.service.run.RunView;
import dev.nightjar.service.source.UnreadableData;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Backups over REST. */
@RestController
@RequestMapping(path = "/api/v1/machines/{id}/backup", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Machines")
class BackupController {

    private final BackupService backups;

    BackupController(BackupService backups) {
        this.backups = backups;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Back a machine up now; an increment where one is possible, unless a full one is asked for")
    RunView start(@PathVariable UUID id, @RequestBody(required = false) @Nullable ManualBackup wanted) {
        ManualBackup backup = wanted == null ? new ManualBackup(false, null, null) : wanted;
        return backups.start(
                id,
                new BackupRequest(
                        Boolean.TRUE.equals(backup.full),
                        backup.bitmapSince,
                        backup.onUnreadable == null ? UnreadableData.FAIL : backup.onUnreadable,
                        RunTrigger.MANUAL,
                        null,
                        null));
    }

    /**
     * A backup that somebody asks for.
     *
     * @param full whether to read everything even where an increment is possible
     * @param bitmapSince for exports that somebody else manages: the set of points at whose instant the source's bitmaps began to
     *     record
     * @param onUnreadable what to do where a disk cannot be read; if left out the run fails
     */
    @Schema(name = "BackupRequest")
    record ManualBackup(
            @Nullable Boolean full,
            @Nullable UUID bitmapSince,
            @Nullable UnreadableData onUnreadable) {}
}
