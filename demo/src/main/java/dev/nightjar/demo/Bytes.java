package dev.nightjar.demo;

import java.util.Locale;

/** Byte counts as people write and read them. */
final class Bytes {

    static final long KIB = 1L << 10;
    static final long MIB = 1L << 20;
    static final long GIB = 1L << 30;

    private Bytes() {}

    /** For example {@code 1.5 GiB}; three significant figures are enough to compare columns. */
    static String show(long bytes) {
        if (bytes < KIB) {
            return bytes + " B";
        }
        if (bytes < MIB) {
            return scaled(bytes, KIB, "KiB");
        }
        return bytes < GIB ? scaled(bytes, MIB, "MiB") : scaled(bytes, GIB, "GiB");
    }

    private static String scaled(long bytes, long unit, String name) {
        double value = (double) bytes / unit;
        return String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, name);
    }

    /**
     * Reads {@code 4G}, {@code 512M} or a plain number of bytes.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static long parse(String text) {
        if (!text.matches("[0-9]{1,12}[MG]?")) {
            throw new IllegalArgumentException("not a size such as 4G or 512M: " + text);
        }
        return switch (text.charAt(text.length() - 1)) {
            case 'G' -> number(text) * GIB;
            case 'M' -> number(text) * MIB;
            default -> Long.parseLong(text);
        };
    }

    private static long number(String text) {
        return Long.parseLong(text.substring(0, text.length() - 1));
    }
}
