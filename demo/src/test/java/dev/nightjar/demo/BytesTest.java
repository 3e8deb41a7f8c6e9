package dev.nightjar.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void sizes_are_read_with_and_without_a_unit() {
        assertThat(Bytes.parse("4G")).isEqualTo(4L << 30);
        assertThat(Bytes.parse("512M")).isEqualTo(512L << 20);
        assertThat(Bytes.parse("65536")).isEqualTo(65_536);
    }

    @Test
    void anything_else_is_refused() {
        for (String text : new String[] {"", "4T", "-1G", "1.5G", "G"}) {
            assertThatThrownBy(() -> Bytes.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sizes_are_shown_in_the_unit_that_fits() {
        assertThat(Bytes.show(0)).isEqualTo("0 B");
        assertThat(Bytes.show(65_536)).isEqualTo("64.0 KiB");
        assertThat(Bytes.show(320L << 20)).isEqualTo("320 MiB");
        assertThat(Bytes.show(4L << 30)).isEqualTo("4.0 GiB");
    }
}
