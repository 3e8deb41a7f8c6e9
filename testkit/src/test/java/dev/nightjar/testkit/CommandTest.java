package dev.nightjar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Test
    void the_output_of_a_program_is_returned() {
        assertThat(new Command(List.of("echo", "hello"), LIMIT).run()).isEqualTo("hello\n");
    }

    @Test
    void a_program_that_fails_shows_what_it_said() {
        assertThatThrownBy(() -> new Command(List.of("sh", "-c", "echo out; echo bad news >&2; exit 3"), LIMIT).run())
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("ended with 3")
                .hasMessageContaining("out")
                .hasMessageContaining("bad news");
    }

    @Test
    void a_program_that_takes_too_long_is_killed() {
        assertThatThrownBy(() -> new Command(List.of("sleep", "60"), Duration.ofMillis(50)).run())
                .isInstanceOf(TestkitException.class)
                .hasMessageContaining("took longer than");
    }

    @Test
    void a_guest_discards_whole_clusters_only() {
        assertThatThrownBy(() -> new GuestWrite.Discard(512, 65_536)).isInstanceOf(IllegalArgumentException.class);
    }
}
