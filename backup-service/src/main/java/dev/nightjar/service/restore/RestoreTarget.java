package dev.nightjar.service.restore;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Where a recovery point is written to; {@code type} tells the kinds apart. Pure data. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RestoreTarget.FileTarget.class, name = "file"),
    @JsonSubTypes.Type(value = RestoreTarget.NbdTarget.class, name = "nbd")
})
public sealed interface RestoreTarget {

    /**
     * A file on the service's host.
     *
     * @param path below one of the directories that restores may write; one that is not absolute starts at the first of them
     * @param format how the disk is written; {@code raw} is what there is
     * @param overwrite whether a file that is there already may be replaced; if left out it may not
     */
    record FileTarget(
            @NotBlank @Size(max = 4096) String path,
            @Nullable Format format,
            @Nullable Boolean overwrite) implements RestoreTarget {

        /** Whether a file that is there already may be replaced. */
        boolean replaces() {
            return Boolean.TRUE.equals(overwrite);
        }

        /** How a disk is written. */
        public enum Format {
            /** Byte for byte, with holes where the disk is zero. */
            raw
        }
    }

    /**
     * A writable NBD export, at least as large as the disk.
     *
     * @param uri such as {@code nbd+unix:///vda?socket=/path}
     */
    record NbdTarget(@NotBlank @Size(max = 4096) String uri) implements RestoreTarget {}
}
