package dev.nightjar.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The machine crashes at every place of a scenario, and loses what was not durable in every way that a file system or an object store may lose it. Whatever is left is
 * opened: every acknowledged point is identical and no other is there, reclaiming removes what nobody needs and nothing else, and a rebuild changes nothing.
 *
 * <p>{@code -Dcrash.share=1} opens every state, else one in so many; {@code -Dcrash.draws} is how often chance decides at each place; {@code -Dcampaign.seed}.
 */
@Timeout(7200)
class CrashIT {

    static final int SHARE = Integer.getInteger("crash.share", 40);
    static final int DRAWS = Integer.getInteger("crash.draws", 3);
    static final long SEED = Long.getLong("campaign.seed", System.nanoTime());

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void aDirectorySurvivesEveryCrash(Scenario scenario) throws Exception {
        Path base = Files.createDirectory(directory.resolve("live"));
        survives("directory", scenario, listener -> new DirectoryMedium(base, listener));
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void anObjectStoreSurvivesEveryCrash(Scenario scenario) throws Exception {
        survives("objects", scenario, ObjectMedium::new);
    }

    private void survives(String medium, Scenario scenario, Function<Consumer<String>, Medium> kind)
            throws IOException, InterruptedException {
        try (Stage stage = new Stage(Databases.empty(0), kind, scenario.unlock())) {
            scenario.play(stage, new Random(SEED));
            Path states = Files.createDirectory(directory.resolve("states"));
            Campaign campaign = new Campaign(states, SEED, DRAWS, SHARE);
            campaign.run(stage.medium, stage.timeline.moments());
            System.out.println(
                    "campaign crash: " + medium + " " + scenario + ", seed " + SEED + ": " + campaign.result());
            assertThat(campaign.result().opened()).isPositive();
        }
    }
}
