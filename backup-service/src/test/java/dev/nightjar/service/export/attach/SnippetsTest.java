package dev.nightjar.service.export.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.service.export.endpoint.NbdAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SnippetsTest {

    private static final NbdAddress.Encryption PLAIN = new NbdAddress.Encryption(false, null);
    private static final NbdAddress.Encryption TLS = new NbdAddress.Encryption(true, Path.of("/data/tls/client"));

    @Test
    void overTcpWithoutTls() {
        NbdAddress address = new NbdAddress.Tcp("127.0.0.1", 10809, PLAIN);
        assertThat(text(Snippet.Kind.QEMU_BLOCKDEV, true, address))
                .isEqualTo("-blockdev driver=nbd,node-name=nightjar,server.type=inet,server.host=127.0.0.1,"
                        + "server.port=10809,export=web-1-vda,discard=unmap,detect-zeroes=unmap \\\n"
                        + "  -device virtio-blk-pci,drive=nightjar");
        assertThat(text(Snippet.Kind.QEMU_DRIVE, false, address))
                .isEqualTo("-drive file.driver=nbd,file.server.type=inet,file.server.host=127.0.0.1,"
                        + "file.server.port=10809,file.export=web-1-vda,format=raw,if=virtio,snapshot=on");
        assertThat(text(Snippet.Kind.NBDCOPY, false, address))
                .isEqualTo("nbdcopy --progress nbd://127.0.0.1:10809/web-1-vda web-1-vda.raw");
    }

    @Test
    void overAUnixSocketWhosePathHasCharactersThatMeanSomething() {
        NbdAddress address = new NbdAddress.Unix(Path.of("/run/a b,c&'/nbd.sock"), PLAIN);
        assertThat(new Snippets(new AttachedDisk("web-1-vda", false), address).uri())
                .isEqualTo("nbd+unix:///web-1-vda?socket=/run/a%20b%2Cc%26%27/nbd.sock");
        assertThat(text(Snippet.Kind.QEMU_BLOCKDEV, false, address))
                .contains("'driver=nbd,node-name=nightjar,server.type=unix,server.path=/run/a b,,c&'\\''/nbd.sock,");
        assertThat(text(Snippet.Kind.LIBVIRT, false, address))
                .contains("<host transport='unix' socket='/run/a b,c&amp;&apos;/nbd.sock'/>")
                .contains("<readonly/>");
    }

    @Test
    void withTlsTheCertificatesAreNamed() {
        NbdAddress address = new NbdAddress.Tcp("2001:db8::1", 10809, TLS);
        assertThat(text(Snippet.Kind.QEMU_BLOCKDEV, true, address))
                .startsWith("-object tls-creds-x509,id=nightjar-tls,endpoint=client,dir=/data/tls/client \\\n")
                .contains(",tls-creds=nightjar-tls,");
        assertThat(text(Snippet.Kind.QEMU_IMG, true, address))
                .isEqualTo("qemu-img convert -p -O qcow2 --object "
                        + "tls-creds-x509,id=nightjar-tls,endpoint=client,dir=/data/tls/client \\\n"
                        + "  --image-opts driver=nbd,server.type=inet,server.host=2001:db8::1,server.port=10809,"
                        + "export=web-1-vda,tls-creds=nightjar-tls web-1-vda.qcow2");
        assertThat(text(Snippet.Kind.LIBVIRT, true, address)).contains("name='web-1-vda' tls='yes'>");
        assertThat(text(Snippet.Kind.NBDCOPY, true, address))
                .contains("'nbds://[2001:db8::1]:10809/web-1-vda?tls-certificates=/data/tls/client'");
    }

    private static String text(Snippet.Kind kind, boolean writable, NbdAddress address) {
        return new Snippets(new AttachedDisk("web-1-vda", writable), address)
                .all().stream()
                        .filter(snippet -> snippet.kind() == kind)
                        .findFirst()
                        .orElseThrow()
                        .text();
    }
}
