package dev.nightjar.service.source.qmp;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The tags of the runs that are at work in this process: what carries one of them is nobody's leftover. Thread-safe. */
final class ActiveRuns {

    private final Set<String> tags = ConcurrentHashMap.newKeySet();

    void begin(String tag) {
        tags.add(tag);
    }

    void end(String tag) {
        tags.remove(tag);
    }

    boolean owns(String tag) {
        return tags.contains(tag);
    }
}
