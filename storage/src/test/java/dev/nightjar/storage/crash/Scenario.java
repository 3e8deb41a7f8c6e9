package dev.nightjar.storage.crash;

import dev.nightjar.storage.key.NewKeys;
import dev.nightjar.storage.key.RecoveryKey;
import dev.nightjar.storage.key.Unlock;
import java.security.SecureRandom;
import java.util.Random;
import java.util.UUID;

/** What a repository goes through from its creation on. */
enum Scenario {
    /** Two disks in full, their increments, one of which loses its parent while it runs. */
    BACKUPS {
        @Override
        void play(Stage stage, Random random) {
            stage.create(null);
            scribble(stage, random, 12);
            stage.full("vda", "vdb");
            scribble(stage, random, 4);
            stage.increment("vda", "vdb");
            scribble(stage, random, 4);
            UUID parent = stage.latest("vda");
            stage.incrementDuring(
                    () -> {
                        stage.delete(parent);
                        stage.reclaim();
                    },
                    "vda");
        }
    },
    /** Points are deleted and their space is reclaimed: packs of no use are deleted, packs of little use are rewritten. */
    RECLAIM {
        @Override
        void play(Stage stage, Random random) {
            stage.create(null);
            scribble(stage, random, 12);
            stage.full("vda");
            UUID first = stage.latest("vda");
            scribble(stage, random, 12);
            stage.increment("vda");
            stage.full("vdb");
            stage.delete(first);
            stage.reclaim();
            stage.delete(stage.latest("vdb"));
            stage.reclaim();
            stage.reclaim();
            stage.increment("vda");
        }
    },
    /** The catalog is rebuilt, and the process begins anew. */
    REBUILD {
        @Override
        void play(Stage stage, Random random) {
            stage.create(null);
            scribble(stage, random, 8);
            stage.full("vda", "vdb");
            stage.rebuild();
            scribble(stage, random, 3);
            stage.increment("vda");
            stage.delete(stage.latest("vdb"));
            stage.rebuild();
            stage.reclaim();
            stage.reopen();
            stage.reclaim();
        }
    },
    /** Points of another repository are copied; some of their chunks are there already, and one of them is deleted again. */
    COPY {
        @Override
        void play(Stage stage, Random random) {
            stage.create(null);
            scribble(stage, random, 8);
            stage.full("vda");
            UUID first = stage.source().capture(stage.disks.get("vda"), null);
            scribble(stage, random, 4);
            stage.source().capture(stage.disks.get("vda"), first);
            stage.copy(stage.source());
            stage.delete(first);
            stage.reclaim();
            stage.copy(stage.source());
        }
    },
    /** Everything is encrypted, and the passphrase is changed. */
    ENCRYPTED {
        @Override
        Unlock unlock() {
            return new Unlock.Passphrase(OLD);
        }

        @Override
        void play(Stage stage, Random random) {
            stage.create(new NewKeys(OLD, RecoveryKey.generate(new SecureRandom())));
            scribble(stage, random, 3);
            stage.full("vdb");
            stage.changePassphrase(OLD, NEW);
            stage.reopen();
        }
    };

    private static final String OLD = "an old passphrase";
    private static final String NEW = "another passphrase";

    abstract void play(Stage stage, Random random);

    /** What opens it at first. */
    Unlock unlock() {
        return new Unlock.Nothing();
    }

    private static void scribble(Stage stage, Random random, int operations) {
        stage.disks.values().forEach(disk -> disk.scribble(random, operations));
    }
}
