package dev.nightjar.nbd.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Percent-encoding as URIs have it, for paths: a plus stays a plus. */
final class PercentCode {

    private static final String PLAIN =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:@!$'()*+,;=";

    private PercentCode() {}

    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        for (byte each : text.getBytes(UTF_8)) {
            char character = (char) (each & 0xff);
            if (PLAIN.indexOf(character) >= 0) {
                out.append(character);
            } else {
                out.append("%%%02X".formatted(each & 0xff));
            }
        }
        return out.toString();
    }

    /** Throws {@link IllegalArgumentException} for a broken escape, or bytes that are not UTF-8. */
    static String decode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '%') {
                boolean whole = i + 2 < text.length();
                int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw new IllegalArgumentException("a broken percent escape");
                }
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.writeBytes(Character.toString(character).getBytes(UTF_8));
            }
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("an escape that is not UTF-8", e);
        }
    }
}
