package dev.nightjar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizesTest {

    private final Sizes.Converter converter = new Sizes.Converter();

    @Property
    void anExactSizeReadsBackAsItself(@ForAll @LongRange(min = 0) long bytes) {
        assertThat(converter.convert(Sizes.exact(bytes))).isEqualTo(bytes);
    }

    @Test
    void sizesAreWrittenAsNbdinfoWritesThem() {
        assertThat(Sizes.exact(0)).isEqualTo("0");
        assertThat(Sizes.exact(1000)).isEqualTo("1000");
        assertThat(Sizes.exact(1536)).isEqualTo("1536");
        assertThat(Sizes.exact(64 << 20)).isEqualTo("64M");
        assertThat(Sizes.exact(8L << 40)).isEqualTo("8T");
    }

    @Test
    void roundedSizesHaveThreeFigures() {
        assertThat(Sizes.rounded(0)).isEqualTo("0 B");
        assertThat(Sizes.rounded(1536)).isEqualTo("1.5 KiB");
        assertThat(Sizes.rounded(200 << 20)).isEqualTo("200 MiB");
        assertThat(Sizes.rounded(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5M", "K", "8E", "9223372036854775808", "1 M", "0x10"})
    void whatIsNotASizeIsRefused(String text) {
        assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
    }
}
