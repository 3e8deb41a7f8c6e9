package dev.nightjar.cli;

import java.math.BigInteger;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Byte counts as people write and read them: powers of 1024. */
public final class Sizes {

    private static final String UNITS = "KMGTPE";

    private Sizes() {}

    /** As nbdinfo shows sizes: the largest unit that divides it, for example {@code 64M}; plain bytes else. */
    public static String exact(long bytes) {
        int unit = 0;
        long rest = bytes;
        while (rest > 0 && rest % 1024 == 0 && unit < UNITS.length()) {
            rest /= 1024;
            unit++;
        }
        return unit == 0 ? Long.toString(bytes) : rest + UNITS.substring(unit - 1, unit);
    }

    /** To be read at a glance, for example {@code 1.5 GiB}. */
    public static String rounded(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double value = (double) bytes / (1L << (10 * unit));
        return String.format(Locale.ROOT, value < 100 ? "%.1f %siB" : "%.0f %siB", value, UNITS.charAt(unit - 1));
    }

    /** Reads {@code 65536}, {@code 64K}, {@code 1M} … */
    public static final class Converter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            String upper = text.toUpperCase(Locale.ROOT);
            if (!upper.matches("[0-9]{1,20}[KMGTPE]?")) {
                throw new TypeConversionException("'" + text + "' is not a size such as 65536, 64K or 1M");
            }
            int unit = UNITS.indexOf(upper.charAt(upper.length() - 1)) + 1;
            BigInteger number = new BigInteger(unit == 0 ? upper : upper.substring(0, upper.length() - 1));
            BigInteger bytes = number.shiftLeft(10 * unit);
            if (bytes.bitLength() > 63) {
                throw new TypeConversionException("'" + text + "' is more than 2^63 - 1 bytes");
            }
            return bytes.longValueExact();
        }
    }
}
