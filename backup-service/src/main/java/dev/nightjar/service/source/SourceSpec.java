package dev.nightjar.service.source;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a machine's disks are reached, as written down with the machine and sent over REST; {@code type} tells the kinds apart.
 *
 * <p>Pure data: constructing one checks nothing, the constraints are checked where it enters the service, and only
 * {@link SourceProber} finds out whether something answers. Immutable.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SourceSpec.NbdSource.class, name = "nbd"),
    @JsonSubTypes.Type(value = SourceSpec.QmpSource.class, name = "qmp")
})
public sealed interface SourceSpec {

    /**
     * Exports that somebody else manages and keeps unchanged while a run reads them.
     *
     * @param disks one export a disk; their names are unique
     */
    record NbdSource(@Size(min = 1, max = 256) List<@Valid NbdDisk> disks) implements SourceSpec {
        public NbdSource {
            disks = orEmpty(disks);
        }
    }

    /**
     * One disk of an {@link NbdSource}.
     *
     * @param name what the disk is called in points and runs
     * @param uri {@code nbd://host[:port]/export} or {@code nbd+unix:///export?socket=/path}; with {@code nbds} it has to be encrypted, and
     *     {@code tls-certificates=/directory} (ca-cert.pem, client-cert.pem, client-key.pem), {@code tls-hostname=NAME} tell whom to believe
     * @param dirtyBitmap name of the bitmap the server offers as {@code qemu:dirty-bitmap:NAME}; null if there is none
     */
    record NbdDisk(
            @NotBlank @Size(max = 200) String name,
            @NotBlank @Size(max = 4096) String uri,
            @Nullable @Size(max = 1000) String dirtyBitmap) {}

    /**
     * A live QEMU or {@code qemu-storage-daemon}, reached by QMP; Nightjar manages checkpoints and frozen views itself.
     *
     * @param socket path of the QMP unix socket
     * @param disks device or node names to protect; empty means all writable disks
     * @param scratchDirectory where QEMU puts scratch overlays, as QEMU sees it; null means the service's own
     * @param nbdServer URI of an NBD server the machine already runs, without export, such as
     *     {@code nbd+unix:///?socket=/path}; null means that Nightjar starts one for the run
     */
    record QmpSource(
            @NotBlank @Size(max = 4096) String socket,
            @Size(max = 256) List<@NotBlank String> disks,
            @Nullable @Size(max = 4096) String scratchDirectory,
            @Nullable @Size(max = 4096) String nbdServer)
            implements SourceSpec {
        public QmpSource {
            disks = orEmpty(disks);
        }
    }

    // JSON may leave a list out; the component is never null for readers.
    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
