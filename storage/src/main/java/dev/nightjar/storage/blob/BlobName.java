package dev.nightjar.storage.blob;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import java.util.regex.Pattern;

/**
 * The rules for names: one to {@link #MAX_SEGMENTS} segments joined by {@code /}, each of lower-case letters and digits, which single {@code - _ .} may separate;
 * at most {@link #MAX_LENGTH} characters; not below {@code tmp/}. So a name can neither climb out of a directory nor depend on a file system's idea of case.
 */
public final class BlobName {

    /** Longest name, in characters. */
    public static final int MAX_LENGTH = 200;

    /** Deepest name, in segments. */
    public static final int MAX_SEGMENTS = 4;

    /** The first segment that no blob has: what is being written lies there. */
    static final String TEMPORARY = "tmp";

    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9]+(?:[-_.][a-z0-9]+)*");
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9/_.-]*");

    private BlobName() {}

    /**
     * Returns {@code name} if it keeps the rules.
     *
     * @throws StorageException BLOB_NAME_INVALID
     */
    public static String requireValid(String name) {
        if (!isValid(name)) {
            throw invalid(name);
        }
        return name;
    }

    /** Whether {@code name} keeps the rules. */
    public static boolean isValid(String name) {
        if (name.length() > MAX_LENGTH) {
            return false;
        }
        String[] segments = name.split("/", -1);
        if (segments.length > MAX_SEGMENTS || segments[0].equals(TEMPORARY)) {
            return false;
        }
        for (String segment : segments) {
            if (!SEGMENT.matcher(segment).matches()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns {@code prefix} if a valid name may begin with it.
     *
     * @throws StorageException BLOB_NAME_INVALID
     */
    public static String requireValidPrefix(String prefix) {
        if (prefix.length() > MAX_LENGTH
                || !PREFIX.matcher(prefix).matches()
                || prefix.startsWith("/")
                || prefix.contains("..")
                || prefix.contains("//")) {
            throw invalid(prefix);
        }
        return prefix;
    }

    private static StorageException invalid(String name) {
        return new StorageException(
                StorageErrorCode.BLOB_NAME_INVALID,
                "not a valid blob name: \"" + printable(name) + '"',
                "Names have up to four segments of lower-case letters, digits and single separators.");
    }

    private static String printable(String name) {
        String shortened = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) + "…" : name;
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
