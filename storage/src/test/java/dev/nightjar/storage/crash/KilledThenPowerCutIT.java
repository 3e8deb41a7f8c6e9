package dev.nightjar.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.crash.Timeline.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed, the machine lives on and has in memory what the process did. The next process finishes what was begun; then the machine crashes. What the second
 * one found done may not have been durable.
 */
@Timeout(7200)
class KilledThenPowerCutIT {

    private static final int MOST_OPERATIONS = 500;

    private static final boolean EVERYWHERE = CrashIT.SHARE == 1;

    /** The places of the second process are many; one in so many more of their states is opened. */
    private static final int MEANWHILE = 4;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Command.class)
    void whatTheSecondProcessAcknowledgedIsDurable(Command command) throws Exception {
        Path states = Files.createDirectory(directory.resolve("states"));
        Campaign afterwards = new Campaign(states, CrashIT.SEED, CrashIT.DRAWS, command.share());
        Campaign meanwhile = new Campaign(states, CrashIT.SEED, CrashIT.DRAWS, MEANWHILE * CrashIT.SHARE);
        int kills = EVERYWHERE ? 0 : command.first();
        while (killedAndFinished(command, kills, meanwhile, afterwards)) {
            kills += EVERYWHERE ? 1 : command.stride(kills);
            assertThat(kills).isLessThan(MOST_OPERATIONS);
        }
        System.out.println("campaign crash: killed, finished, power cut: " + command + ", seed " + CrashIT.SEED + ": "
                + kills
                + " operations; the power cut while the second process worked: " + meanwhile.result() + "; afterwards: "
                + afterwards.result());
    }

    /** Returns false if the command was done before it could be killed. */
    private boolean killedAndFinished(Command command, int after, Campaign meanwhile, Campaign afterwards)
            throws IOException, InterruptedException {
        Path base = Files.createDirectory(directory.resolve("live-" + after));
        Random random = new Random(CrashIT.SEED);
        try (Stage stage =
                new Stage(Databases.empty(0), listener -> new DirectoryMedium(base, listener), command.unlock())) {
            command.prepare(stage, random);
            stage.medium.dieAfter(stage.medium.operations() + after);
            boolean killed = !runs(command, stage);
            stage.medium.dieAfter(Integer.MAX_VALUE);
            if (killed) {
                int before = stage.timeline.moments().size();
                command.finish(stage);
                List<Moment> moments = stage.timeline.moments();
                int last = moments.size() - 1;
                meanwhile.run(stage.medium, moments.subList(Math.min(before, last), last));
                afterwards.run(stage.medium, moments.subList(last, last + 1));
            }
            return killed;
        }
    }

    private static boolean runs(Command command, Stage stage) {
        try {
            command.run(stage);
            return true;
        } catch (StorageException e) {
            assertThat(stage.medium.isDead()).as(e.toString()).isTrue();
            return false;
        }
    }
}
