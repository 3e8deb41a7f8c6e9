package dev.nightjar.service.source.qmp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the disks of a machine. At QEMU they are the guest's writable devices that are not removable; at a storage daemon, which has
 * no devices, the writable nodes that somebody exports.
 */
final class DiskDiscovery {

    /** QEMU's drives for firmware variables; they are no disks. */
    private static final String FIRMWARE = "pflash";

    private final BlockLayer machine;
    private final Map<String, BlockNode> nodes;

    private DiskDiscovery(BlockLayer machine) {
        this.machine = machine;
        this.nodes = machine.nodes().stream()
                .collect(Collectors.toMap(BlockNode::name, Function.identity(), (one, _) -> one));
    }

    /**
     * The disks that a source means.
     *
     * @param wanted device or node names; empty for all
     * @throws QmpException QMP_DISK_UNKNOWN, QMP_NO_DISKS, QMP_DISK_UNNAMED
     */
    static List<MachineDisk> find(BlockLayer machine, List<String> wanted) {
        DiskDiscovery discovery = new DiskDiscovery(machine);
        List<BlockDevice> devices = machine.devices();
        List<MachineDisk> disks;
        if (!wanted.isEmpty()) {
            disks = wanted.stream().map(name -> discovery.named(name, devices)).toList();
        } else if (devices.isEmpty()) {
            disks = discovery.exported();
        } else {
            disks = discovery.attached(devices);
        }
        if (disks.isEmpty()) {
            throw new QmpException(
                    QmpErrorCode.QMP_NO_DISKS,
                    "The machine at " + machine.connection().socket() + " has no writable disk",
                    "Name the disks to protect by their device or node names.");
        }
        return disks;
    }

    private List<MachineDisk> attached(List<BlockDevice> devices) {
        return devices.stream()
                .filter(device -> !device.removable() && !device.device().startsWith(FIRMWARE))
                .map(this::disk)
                .filter(Objects::nonNull)
                .toList();
    }

    private List<MachineDisk> exported() {
        Map<String, MachineDisk> disks = new LinkedHashMap<>();
        for (BlockExport export : machine.exports()) {
            BlockNode node = nodes.get(export.node());
            boolean ours =
                    export.node().startsWith(RunNames.OURS) || export.id().startsWith(RunNames.OURS);
            if (node != null && !ours && !node.readOnly()) {
                disks.putIfAbsent(node.name(), new MachineDisk(lasting(node.name()), node));
            }
        }
        List<MachineDisk> sorted = new ArrayList<>(disks.values());
        // QEMU lists the latest export first; an order of our own keeps runs alike.
        sorted.sort((one, other) -> one.name().compareTo(other.name()));
        return sorted;
    }

    private MachineDisk named(String name, List<BlockDevice> devices) {
        BlockNode node = devices.stream()
                .filter(device -> name.equals(device.device()) || name.equals(device.id()))
                .map(device -> nodes.get(device.node()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(nodes.get(name));
        if (node == null) {
            throw new QmpException(
                    QmpErrorCode.QMP_DISK_UNKNOWN,
                    "The machine at " + machine.connection().socket() + " has no disk '" + name + "'",
                    "It has the nodes " + String.join(", ", known()) + ".");
        }
        if (node.readOnly()) {
            throw new QmpException(
                    QmpErrorCode.QMP_DISK_UNKNOWN,
                    "Disk '" + name + "' of the machine at "
                            + machine.connection().socket() + " is read-only",
                    "Name the disk that the guest writes to; what nobody writes needs no checkpoints.");
        }
        return new MachineDisk(lasting(name), node);
    }

    private @Nullable MachineDisk disk(BlockDevice device) {
        BlockNode node = nodes.get(device.node());
        if (node == null || node.readOnly()) {
            return null;
        }
        String id = device.id();
        if (!device.device().isEmpty()) {
            return new MachineDisk(device.device(), node);
        }
        return new MachineDisk(id != null ? id : lasting(node.name()), node);
    }

    private static String lasting(String name) {
        if (name.startsWith(BlockNode.GENERATED_PREFIX)) {
            throw new QmpException(
                    QmpErrorCode.QMP_DISK_UNNAMED,
                    "A disk has no name but '" + name + "', which changes with every start of the machine",
                    "Give the drive a node-name, or the device an id, on QEMU's command line.");
        }
        return name;
    }

    private List<String> known() {
        return nodes.values().stream()
                .filter(node -> !node.readOnly())
                .map(BlockNode::name)
                .filter(name -> !name.startsWith(RunNames.OURS) && !name.startsWith(BlockNode.GENERATED_PREFIX))
                .sorted()
                .toList();
    }
}
