package dev.nightjar.service.source.qmp;

import dev.nightjar.service.source.SourceRun;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How everything is called that a run creates at a machine. The names fit QEMU's limit for node names, 31 characters.
 *
 * <pre>
 *   nightjar-5f0c1a2b-9d8e7f60-k0     checkpoint, node, job or export of a kind, for the run's first disk
 *            repository run
 * </pre>
 *
 * @param prefix what all names of this repository begin with
 * @param tag what all names of this run begin with
 */
record RunNames(String prefix, String tag) {

    /** Everything of any Nightjar. */
    static final String OURS = "nightjar-";

    private static final int DIGITS = 8;

    static RunNames of(SourceRun run) {
        String prefix = OURS + digits(run.repositoryId()) + "-";
        return new RunNames(prefix, prefix + digits(run.runId()));
    }

    /** The name of something of a kind for one disk. */
    String of(Kind kind, int disk) {
        return tag + "-" + kind.letter + disk;
    }

    /** The tag of the run of this repository that a name belongs to, or null if it is none of ours. */
    @Nullable
    String tagOf(String name) {
        int end = prefix.length() + DIGITS;
        boolean ours =
                name.startsWith(prefix) && name.length() >= end && (name.length() == end || name.charAt(end) == '-');
        return ours ? name.substring(0, end) : null;
    }

    static String digits(UUID id) {
        return id.toString().substring(0, DIGITS);
    }

    /** What is created at a machine. */
    enum Kind {
        CHECKPOINT('k'),
        FILE_NODE('f'),
        OVERLAY('o'),
        FILTER('c'),
        SNAPSHOT('s'),
        BACKUP_JOB('b'),
        CREATE_JOB('j'),
        EXPORT('e');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** The kind that a name of ours says, or null. */
        static @Nullable Kind of(String name) {
            int dash = name.lastIndexOf('-');
            for (Kind kind : values()) {
                if (dash + 1 < name.length() && name.charAt(dash + 1) == kind.letter) {
                    return kind;
                }
            }
            return null;
        }
    }
}
