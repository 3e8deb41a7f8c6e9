package dev.nightjar.service.source.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.assertj.core.groups.Tuple.tuple;

import dev.nightjar.testkit.TempDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a QEMU with devices says; shortened from QEMU 10.0. A storage daemon's own answers are in the integration tests. */
class DiskDiscoveryTest {

    private static final String NODES = """
            [{"node-name": "disk-a", "drv": "qcow2", "ro": false, "image": {"virtual-size": 67108864,
              "format-specific": {"type": "qcow2", "data": {"compat": "1.1"}}},
              "dirty-bitmaps": [{"name": "k", "recording": true, "persistent": true, "busy": false, "granularity": 65536},
                                {"recording": false, "persistent": false, "busy": false, "granularity": 512}]},
             {"node-name": "#block241", "drv": "qcow2", "ro": false, "image": {"virtual-size": 1048576,
              "format-specific": {"type": "qcow2", "data": {"compat": "0.10"}}}},
             {"node-name": "#block442", "drv": "raw", "ro": false, "image": {"virtual-size": 512}},
             {"node-name": "iso", "drv": "raw", "ro": true, "image": {"virtual-size": 2048}},
             {"node-name": "vars", "drv": "raw", "ro": false, "image": {"virtual-size": 540672}},
             {"node-name": "nightjar-aaaaaaaa-bbbbbbbb-o0", "drv": "qcow2", "ro": false, "image": {"virtual-size": 512}}]""";

    private static final String DEVICES = """
            [{"device": "", "removable": false, "qdev": "/machine/peripheral/vda/virtio-backend", "inserted": {"node-name": "disk-a"}},
             {"device": "drv1", "removable": false, "qdev": "/machine/peripheral-anon/device[0]", "inserted": {"node-name": "#block241"}},
             {"device": "", "removable": true, "qdev": "cd0", "inserted": {"node-name": "iso"}},
             {"device": "floppy0", "removable": true},
             {"device": "pflash1", "removable": false, "inserted": {"node-name": "vars"}}""";

    private static final String UNNAMED = """
            , {"device": "", "removable": false, "qdev": "/machine/peripheral-anon/device[1]", "inserted": {"node-name": "#block442"}}""";

    private final TempDirectory directory = TempDirectory.create();
    private int servers;

    @AfterEach
    void deleteDirectory() {
        directory.close();
    }

    @Test
    void takesTheGuestsWritableDisksByTheirLastingNames() {
        assertThat(find("", List.of()))
                .extracting(MachineDisk::name, disk -> disk.node().name())
                .containsExactly(tuple("vda", "disk-a"), tuple("drv1", "#block241"));
    }

    @Test
    void takesWhatIsNamedByDeviceIdOrNode() {
        assertThat(find(UNNAMED, List.of("drv1", "disk-a", "vda")))
                .extracting(disk -> disk.node().name())
                .containsExactly("#block241", "disk-a", "disk-a");
    }

    @Test
    void knowsWhichFormatsKeepBitmaps() {
        List<MachineDisk> disks = find("", List.of());
        assertThat(disks).extracting(disk -> disk.node().keepsBitmaps()).containsExactly(true, false);
        assertThat(disks.getFirst().node().bitmaps())
                .containsExactly(new DirtyBitmap("k", true, true, false, false, 65_536));
    }

    @Test
    void refusesADiskWhoseNameChangesWithEveryStart() {
        fails(UNNAMED, List.of(), QmpErrorCode.QMP_DISK_UNNAMED);
    }

    @Test
    void refusesWhatIsUnknownOrReadOnly() {
        fails("", List.of("vdz"), QmpErrorCode.QMP_DISK_UNKNOWN);
        fails("", List.of("iso"), QmpErrorCode.QMP_DISK_UNKNOWN);
    }

    @Test
    void holdsBackATwentiethOfScratchAndAGigabyteAtMost() {
        assertThat(Scratch.reserveBytes(100)).isEqualTo(5);
        assertThat(Scratch.reserveBytes(20L << 30)).isEqualTo(1L << 30);
        assertThat(Scratch.reserveBytes(Long.MAX_VALUE)).isEqualTo(1L << 30);
    }

    private void fails(String more, List<String> wanted, QmpErrorCode code) {
        assertThatThrownBy(() -> find(more, wanted))
                .asInstanceOf(type(QmpException.class))
                .extracting(QmpException::reason)
                .isEqualTo(code);
    }

    private List<MachineDisk> find(String moreDevices, List<String> wanted) {
        // Each server gets a path of its own: the one before may not be gone yet.
        Path socket = directory.resolve("qmp-" + servers++ + ".sock");
        try (ScriptedQmp _ = script(socket, moreDevices);
                QmpConnection connection = QmpConnection.open(socket, QmpLimits.DEFAULTS)) {
            return DiskDiscovery.find(new BlockLayer(connection), wanted);
        }
    }

    private static ScriptedQmp script(Path socket, String moreDevices) {
        return ScriptedQmp.at(socket)
                .say("{\"QMP\": {}}")
                .answer("{\"return\": {}, \"id\": 1}")
                .answer(line("{\"return\": " + NODES + ", \"id\": 2}"))
                .answer(line("{\"return\": " + DEVICES + moreDevices + "], \"id\": 3}"));
    }

    private static String line(String json) {
        return json.replace("\n", " ");
    }
}
