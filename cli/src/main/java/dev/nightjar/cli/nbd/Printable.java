package dev.nightjar.cli.nbd;

/** A server's words on a terminal: nothing in them may move the cursor or hide. */
final class Printable {

    private Printable() {}

    static String of(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    static String quoted(String text) {
        return '"' + of(text).replace("\"", "\\\"") + '"';
    }
}
