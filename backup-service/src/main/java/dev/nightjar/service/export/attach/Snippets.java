package dev.nightjar.service.export.attach;

import dev.nightjar.service.export.endpoint.NbdAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes what to paste for one export at one address. Immutable. */
public final class Snippets {

    private static final String CREDENTIALS = "nightjar-tls";
    /** Where QEMU looks for an operator's own client certificates unless told otherwise. */
    private static final Path QEMU_CERTIFICATES = Path.of("/etc/pki/qemu");

    private static final String NEXT_LINE = " \\\n  ";

    private final AttachedDisk disk;
    private final NbdAddress address;

    /** The snippets for a disk at an address. */
    public Snippets(AttachedDisk disk, NbdAddress address) {
        this.disk = disk;
        this.address = address;
    }

    /** All of them. */
    public List<Snippet> all() {
        return List.of(
                new Snippet(Snippet.Kind.QEMU_BLOCKDEV, qemuBlockdev()),
                new Snippet(Snippet.Kind.QEMU_DRIVE, qemuDrive()),
                new Snippet(Snippet.Kind.LIBVIRT, libvirt()),
                new Snippet(Snippet.Kind.NBDCOPY, nbdcopy()),
                new Snippet(Snippet.Kind.QEMU_IMG, qemuImg()));
    }

    /** The export's address, as the NBD tools understand it. */
    public String uri() {
        String scheme = tls() ? "nbds" : "nbd";
        return switch (address) {
            case NbdAddress.Tcp tcp -> scheme + "://" + bracketed(tcp.host()) + ":" + tcp.port() + "/" + disk.export();
            case NbdAddress.Unix unix -> scheme + "+unix:///" + disk.export() + "?socket=" + escaped(unix.socket());
        };
    }

    private String qemuBlockdev() {
        String access = disk.writable() ? "discard=unmap,detect-zeroes=unmap" : "read-only=on";
        String blockdev = "driver=nbd,node-name=nightjar," + server() + "," + access;
        return credentials("-object") + "-blockdev " + shell(blockdev) + NEXT_LINE
                + "-device virtio-blk-pci,drive=nightjar";
    }

    private String qemuDrive() {
        // Few systems boot from a disk that they cannot write; what is written with snapshot=on is gone afterwards.
        String access = disk.writable() ? "if=virtio,discard=unmap" : "if=virtio,snapshot=on";
        return credentials("-object") + "-drive "
                + shell("file.driver=nbd," + server("file.") + ",format=raw," + access);
    }

    private String libvirt() {
        String host = switch (address) {
            case NbdAddress.Tcp tcp -> "<host name='" + tcp.host() + "' port='" + tcp.port() + "'/>";
            case NbdAddress.Unix unix -> "<host transport='unix' socket='" + xml(unix.socket()) + "'/>";
        };
        return String.join(
                "\n",
                "<disk type='network' device='disk'>",
                "  <driver name='qemu' type='raw'" + (disk.writable() ? " discard='unmap'" : "") + "/>",
                "  <source protocol='nbd' name='" + disk.export() + "'" + (tls() ? libvirtTls() : "") + ">",
                "    " + host,
                "  </source>",
                "  <target dev='vda' bus='virtio'/>",
                disk.writable() ? "</disk>" : "  <readonly/>\n</disk>");
    }

    private String libvirtTls() {
        return switch (address) {
            case NbdAddress.Tcp _ -> " tls='yes'";
            case NbdAddress.Unix _ -> " tls='yes' tlsHostname='localhost'";
        };
    }

    private String nbdcopy() {
        String separator = uri().contains("?") ? "&" : "?";
        String certificates = tls() ? separator + "tls-certificates=" + escaped(clientDirectory()) : "";
        return "nbdcopy --progress " + shell(uri() + certificates) + " " + disk.export() + ".raw";
    }

    private String qemuImg() {
        String command = "qemu-img convert -p -O qcow2 ";
        String target = " " + disk.export() + ".qcow2";
        return tls()
                ? command + credentials("--object") + "--image-opts " + shell("driver=nbd," + server()) + target
                : command + shell(uri()) + target;
    }

    private String server() {
        return server("");
    }

    /** Options of QEMU's NBD driver. */
    private String server(String prefix) {
        String where = switch (address) {
            case NbdAddress.Tcp tcp ->
                "%1$sserver.type=inet,%1$sserver.host=%2$s,%1$sserver.port=%3$d"
                        .formatted(prefix, tcp.host(), tcp.port());
            case NbdAddress.Unix unix ->
                "%1$sserver.type=unix,%1$sserver.path=%2$s".formatted(prefix, value(unix.socket()));
        };
        return where + "," + prefix + "export=" + disk.export() + (tls() ? tlsOptions(prefix) : "");
    }

    /** A Unix socket has no name that the certificate could be for. */
    private String tlsOptions(String prefix) {
        String credentials = "," + prefix + "tls-creds=" + CREDENTIALS;
        return switch (address) {
            case NbdAddress.Tcp _ -> credentials;
            case NbdAddress.Unix _ -> credentials + "," + prefix + "tls-hostname=localhost";
        };
    }

    private String credentials(String option) {
        String object = "tls-creds-x509,id=" + CREDENTIALS + ",endpoint=client,dir=" + value(clientDirectory());
        return tls() ? option + " " + shell(object) + NEXT_LINE : "";
    }

    private boolean tls() {
        return address.encryption().tls();
    }

    private Path clientDirectory() {
        Path own = address.encryption().clientDirectory();
        return own == null ? QEMU_CERTIFICATES : own;
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static String escaped(Path path) {
        return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    /** QEMU splits options at commas and takes two for one. */
    private static String value(Path path) {
        return path.toString().replace(",", ",,");
    }

    private static String shell(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String xml(Path path) {
        return path.toString().replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
    }
}
