package dev.nightjar.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fuzzes every target for {@code -Dfuzz.seconds} (60), the one of addresses for a quarter of that, three at a time, each in a process of its own with little memory. What one run learns
 * stays under the build directory for the next one. An input that breaks a rule is kept there as {@code crash-…}: mend the defect and put
 * the file among the seeds.
 */
@Execution(ExecutionMode.CONCURRENT)
class FuzzIT {

    private static final long SECONDS = Long.getLong("fuzz.seconds", 60);
    private static final Path DIRECTORY = Path.of("target", "fuzz").toAbsolutePath();
    private static final Pattern RUNS = Pattern.compile("Done (\\d+) runs|stat::number_of_executed_units: (\\d+)");
    /** Fewer would mean that the fuzzer itself is broken; ten times as many are usual on a busy machine. */
    private static final long RUNS_A_SECOND = 50;

    @ParameterizedTest
    @ValueSource(
            classes = {
                DecoderFuzzTest.class,
                NegotiationFuzzTest.class,
                WalkerFuzzTest.class,
                ServerFuzzTest.class,
                UriFuzzTest.class
            })
    void noInputBreaksARule(Class<?> target) throws IOException {
        Path corpus = Files.createDirectories(
                DIRECTORY.resolve(target.getSimpleName()).resolve("corpus"));
        long seconds = seconds(target);
        Command.Result result =
                new Command(program(target, corpus, seconds), Duration.ofSeconds(seconds + 120)).runToEnd();
        String said = result.output() + result.errors();
        assertThat(result.exitCode()).as(said).isZero();
        Matcher runs = RUNS.matcher(said);
        assertThat(runs.find()).as(said).isTrue();
        long executed = Long.parseLong(runs.group(1) == null ? runs.group(2) : runs.group(1));
        System.out.printf("%s: %d inputs in %d s%n", target.getSimpleName(), executed, seconds);
        assertThat(executed).isGreaterThan(RUNS_A_SECOND * seconds);
    }

    // Addresses come from the operator, and there is little to them.
    private static long seconds(Class<?> target) {
        return target == UriFuzzTest.class ? Math.ceilDiv(SECONDS, 4) : SECONDS;
    }

    private static List<String> program(Class<?> target, Path corpus, long seconds) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx320m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.leakDetection.level=disabled",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=dev.nightjar.nbd.**",
                "--custom_hook_excludes=**",
                "-max_total_time=" + seconds,
                "-timeout=10",
                "-rss_limit_mb=0",
                "-max_len=8192",
                "-print_final_stats=1",
                "-artifact_prefix=" + corpus.getParent() + "/",
                "--reproducer_path=" + corpus.getParent(),
                corpus.toString(),
                Seeds.directory(target).toString());
    }
}
