package dev.nightjar.cli;

/** Words of others on a terminal: nothing in them may move the cursor or hide. */
public final class Printable {

    private Printable() {}

    public static String of(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    public static String quoted(String text) {
        return '"' + of(text).replace("\"", "\\\"") + '"';
    }
}
