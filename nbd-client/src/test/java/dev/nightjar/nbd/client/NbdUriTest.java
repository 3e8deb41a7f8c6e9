package dev.nightjar.nbd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.nbd.client.NbdUri.Endpoint;
import dev.nightjar.nbd.client.tls.TlsSettings;
import dev.nightjar.nbd.client.tls.TlsUse;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NbdUriTest {

    @Test
    void hostsAndPortsAreRead() {
        assertThat(NbdUri.parse("nbd://backup.example:10810/vda"))
                .isEqualTo(new NbdUri(new Endpoint.Tcp("backup.example", 10810), "vda"));
        assertThat(NbdUri.parse("nbd://under_score/a/b"))
                .isEqualTo(new NbdUri(new Endpoint.Tcp("under_score", 10809), "a/b"));
        assertThat(NbdUri.parse("NBD://10.0.0.1")).isEqualTo(new NbdUri(new Endpoint.Tcp("10.0.0.1", 10809), ""));
        assertThat(NbdUri.parse("nbd://[fe80::1]:77/x")).isEqualTo(new NbdUri(new Endpoint.Tcp("fe80::1", 77), "x"));
    }

    @Test
    void socketsAreRead() {
        assertThat(NbdUri.parse("nbd+unix:///?socket=/run/nbd.sock"))
                .isEqualTo(new NbdUri(new Endpoint.Unix(Path.of("/run/nbd.sock")), ""));
        assertThat(NbdUri.parse("nbd+unix:///a%20b%2Fc?socket=/tmp/x%20y"))
                .isEqualTo(new NbdUri(new Endpoint.Unix(Path.of("/tmp/x y")), "a b/c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nbd://host/vda",
                "nbd://host:1/",
                "nbd://[::1]/a%20b",
                "nbd+unix:///x%3Fy?socket=/run/a%26b",
                "nbd+unix:///?socket=/run/nbd.sock",
                "nbds://[fe80::1%25eth0]:1/x",
                "nbds://host/x?tls-certificates=/a%20b&tls-hostname=c&tls-verify-peer=0",
                "nbds+unix:///x?socket=/s&tls-hostname=localhost"
            })
    void aUriIsGivenBackAsItWas(String uri) {
        assertThat(NbdUri.parse(uri)).hasToString(uri);
    }

    @Property
    void everyExportNameSurvives(@ForAll @StringLength(max = 100) String text) {
        StringBuilder name = new StringBuilder();
        text.codePoints()
                .filter(point -> point != 0 && (point < 0xd800 || point > 0xdfff))
                .forEach(name::appendCodePoint);
        for (Endpoint endpoint : java.util.List.of(
                new Endpoint.Tcp("::1", 5), new Endpoint.Tcp("h", 10809), new Endpoint.Unix(Path.of("/a ?&b")))) {
            NbdUri uri = new NbdUri(endpoint, name.toString());
            assertThat(NbdUri.parse(uri.toString())).isEqualTo(uri);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vda",
                "http://host/vda",
                "nbd:host",
                "nbd:///vda",
                "nbd://host:0/",
                "nbd://host:65536/",
                "nbd://host:-1/",
                "nbd://host:/",
                "nbd://user@host/",
                "nbd://host/?socket=/x",
                "nbd://host/#x",
                "nbd://host/%zz",
                "nbd://host/%ff",
                "nbd://host/%4",
                "nbd://host/a%00",
                "nbd://ho st/",
                "nbd+unix:///vda",
                "nbd+unix://host/vda?socket=/x",
                "nbd+unix:///vda?socket=relative",
                "nbd+unix:///vda?socket=/x&tls=1",
                "nbd+unix:///vda?sock=/x",
                "nbd+unix:///vda?socket=/x&socket=/y",
                "nbd+unix:///vda?socket",
                "nbd+unix:///vda?socket=/x&",
                "nbd+unix:///vda?socket=%00/abstract",
                "nbd://-oProxyCommand=touch/vda",
                "nbd://ho$t/",
                "nbd://[zz]/",
                "nbd://[::1/",
                "nbd://host/?tls-hostname=x",
                "nbd+unix:///?socket=/x&tls-certificates=/x",
                "nbds://host/?tls-verify-peer=maybe",
                "nbds://host/?tls-certificates=relative",
                "nbds://host/?tls-hostname=-x",
                "nbds://host/?tls-hostname=",
                "nbds://host/?x-unknown=1",
                "nbds+unix:///vda?tls-hostname=x"
            })
    void whatIsNotUnderstoodIsRefused(String uri) {
        assertThatExceptionOfType(NbdException.class)
                .isThrownBy(() -> NbdUri.parse(uri))
                .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.INVALID_URI))
                .satisfies(e -> assertThat(e.hint()).isNotBlank());
    }

    @Test
    void aSocketPathLongerThanTheSystemAllowsIsRefused() {
        String path = "/" + "x".repeat(107);
        assertThatExceptionOfType(NbdException.class).isThrownBy(() -> NbdUri.parse("nbd+unix:///?socket=" + path));
    }

    @Test
    void tlsAndItsParametersAreRead() {
        assertThat(NbdUri.parse("nbds://host/vda").tls()).isEqualTo(new NbdUri.Tls(null, null, null));
        NbdUri uri = NbdUri.parse(
                "nbds+unix:///vda?tls-hostname=backup.example&socket=/s&tls-certificates=/etc/pki&tls-verify-peer=true&tls-type=x509");
        assertThat(uri.tls()).isEqualTo(new NbdUri.Tls(Path.of("/etc/pki"), "backup.example", true));
        assertThat(uri)
                .hasToString(
                        "nbds+unix:///vda?socket=/s&tls-certificates=/etc/pki&tls-hostname=backup.example&tls-verify-peer=1");
    }

    @Test
    void whatTheUriSaysAboutTlsGoesBeforeTheSettingsAndNeverBelowThem() {
        TlsSettings mine = TlsSettings.REQUIRED.withHostName("mine");
        assertThat(NbdUri.parse("nbd://host/vda").over(mine)).isEqualTo(mine);
        assertThat(NbdUri.parse("nbds://host/vda").over(TlsSettings.NEVER).use())
                .isEqualTo(TlsUse.REQUIRED);
        assertThat(NbdUri.parse("nbds://host/?tls-hostname=its").over(mine).hostName())
                .isEqualTo("its");
        assertThat(NbdUri.parse("nbds://host/?tls-verify-peer=0").over(mine).verifyPeer())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nbd+ssh://host/vda",
                "nbd+vsock://2:10809/vda",
                "nbds://host/?tls-psk-file=/x",
                "nbds://host/?tls-type=psk",
                "nbds://host/?tls-username=me"
            })
    void whatOtherClientsCanDoIsSaidToBeUnsupported(String uri) {
        assertThatExceptionOfType(NbdException.class)
                .isThrownBy(() -> NbdUri.parse(uri))
                .satisfies(e -> assertThat(e.code()).isEqualTo(NbdErrorCode.UNSUPPORTED));
    }
}
