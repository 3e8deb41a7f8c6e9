package dev.nightjar.service.repository;

import java.util.Optional;

/** Something that reads or writes repositories over a long time, so that one must not be locked or forgotten meanwhile. */
@FunctionalInterface
public interface RepositoryUse {

    /** What is going on, for people; empty if nothing is. */
    Optional<String> current();
}
