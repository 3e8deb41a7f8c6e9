package dev.nightjar.storage.crash;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Something that somebody asks for, that is cut off, and that the next process finishes. */
enum Command {
    /** A repository is made. */
    CREATE {
        @Override
        void prepare(Stage stage, Random random) {}

        @Override
        void run(Stage stage) {
            stage.create(null);
        }

        @Override
        void finish(Stage stage) {
            try {
                stage.create(null);
            } catch (StorageException e) {
                if (e.code() != StorageErrorCode.REPOSITORY_EXISTS) {
                    throw e;
                }
                stage.reopen();
                stage.timeline.expect("created", Expectation::whenCreated);
            }
        }
    },
    /** Two disks are backed up. */
    BACK_UP {
        @Override
        void prepare(Stage stage, Random random) {
            stage.create(null);
            stage.disks.values().forEach(disk -> disk.scribble(random, 6));
            stage.full("vda");
            stage.disks.values().forEach(disk -> disk.scribble(random, 3));
        }

        @Override
        void run(Stage stage) {
            stage.full("vda", "vdb");
        }

        @Override
        void finish(Stage stage) {
            stage.reopen();
            stage.endDeadRuns();
            stage.full("vda", "vdb");
        }
    },
    /** A point is deleted. */
    DELETE {
        @Override
        void prepare(Stage stage, Random random) {
            stage.create(null);
            stage.disks.values().forEach(disk -> disk.scribble(random, 4));
            stage.full("vda");
            stage.full("vdb");
        }

        @Override
        void run(Stage stage) {
            stage.delete(stage.latest("vda"));
        }

        @Override
        void finish(Stage stage) {
            stage.reopen();
            UUID point = stage.latest("vda");
            if (stage.repository().points().stream()
                    .anyMatch(there -> there.id().equals(point))) {
                stage.delete(point);
            } else {
                stage.timeline.expect("seen to be gone", expectation -> expectation.deleted(point));
            }
        }
    },
    /** The passphrase is changed. */
    CHANGE_PASSPHRASE {
        @Override
        Unlock unlock() {
            return new Unlock.Passphrase(OLD);
        }

        // Each passphrase that is tried takes its time, on purpose.
        @Override
        int share() {
            return CrashIT.SHARE;
        }

        @Override
        int first() {
            return Math.floorMod(CrashIT.SEED, RARELY);
        }

        @Override
        int stride(int after) {
            return RARELY;
        }

        @Override
        void prepare(Stage stage, Random random) {
            stage.create(new NewKeys(OLD, RecoveryKey.generate(new SecureRandom())));
        }

        @Override
        void run(Stage stage) {
            stage.changePassphrase(OLD, NEW);
        }

        @Override
        void finish(Stage stage) {
            if (stage.isOpenedBy(OLD)) {
                run(stage);
            } else {
                // It counts once the repository was opened by it, not before.
                Unlock fresh = new Unlock.Passphrase(NEW);
                stage.timeline.expect(
                        "trying", expectation -> expectation.openedBy(List.of(fresh, new Unlock.Passphrase(OLD))));
                stage.reopen();
                stage.timeline.expect("seen to be changed", expectation -> expectation.openedBy(List.of(fresh)));
            }
        }
    },
    /** Space is reclaimed: packs are rewritten, condemned and deleted. */
    RECLAIM {
        @Override
        void prepare(Stage stage, Random random) {
            stage.create(null);
            stage.disks.values().forEach(disk -> disk.scribble(random, 8));
            stage.full("vda");
            UUID first = stage.latest("vda");
            stage.disks.values().forEach(disk -> disk.scribble(random, 8));
            stage.increment("vda");
            stage.full("vdb");
            stage.delete(first);
            stage.delete(stage.latest("vdb"));
        }

        @Override
        void run(Stage stage) {
            stage.reclaim();
            stage.reclaim();
        }

        @Override
        void finish(Stage stage) {
            stage.reopen();
            run(stage);
        }
    };

    /** So many operations are gone through one by one. */
    private static final int SHORT = 4;

    private static final int STRIDE = 9;
    private static final int RARELY = 5;

    private static final String OLD = "an old passphrase";
    private static final String NEW = "another passphrase";

    /** What opens the repository at first. */
    Unlock unlock() {
        return new Unlock.Nothing();
    }

    /** One in so many states after the last step is opened. */
    int share() {
        return Math.min(CrashIT.SHARE, 4);
    }

    /** Unless it is killed at every operation: after how many at first. */
    int first() {
        return 0;
    }

    /** And how many operations later the next time. */
    int stride(int after) {
        return after < SHORT ? 1 : STRIDE;
    }

    abstract void prepare(Stage stage, Random random);

    abstract void run(Stage stage);

    /** What the next process does until the same is achieved. */
    abstract void finish(Stage stage);
}
