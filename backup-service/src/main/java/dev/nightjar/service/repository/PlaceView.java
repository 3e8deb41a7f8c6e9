package dev.nightjar.service.repository;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a place was found to be.
 *
 * @param location the place, for people
 * @param contents what is there already
 * @param encrypted whether the repository that is there is encrypted
 * @param objectLock whether the store can keep objects from being deleted
 * @param freeBytes room on the file system; null if nobody knows
 * @param warnings what to think about before a repository is made here
 */
@Schema(name = "ProbedPlace")
record PlaceView(
        String location,
        PlaceContents contents,
        boolean encrypted,
        boolean objectLock,
        @Nullable Long freeBytes,
        List<String> warnings) {}
