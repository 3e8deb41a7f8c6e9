package dev.nightjar.service.source.qmp;

import dev.nightjar.nbd.client.NbdUri;
import dev.nightjar.service.source.FrozenDisk;
import dev.nightjar.service.source.FullReadReason;
import dev.nightjar.service.source.qmp.RunNames.Kind;
import dev.nightjar.storage.point.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One disk's part of a frozen view: what is made before the transaction, what goes into it, and what is made after.
 *
 * <pre>
 *   guest ── c copy-before-write ── disk        (checkpoints on the disk)
 *              │        │
 *              │        └─ old content ─ o overlay ── f file        (bitmap: changes since the last checkpoint)
 *              └─ s snapshot-access ── e export
 * </pre>
 *
 * Reads go through the filter rather than through the overlay, so that they fail instead of giving newer bytes once the view is
 * broken.
 *
 * @param disk the disk
 * @param index its number in the run
 * @param since the checkpoint since which the changes are shown, or null
 * @param reason why there is none although one was asked for, or null
 * @param retired the checkpoint that has served its purpose once newer points are committed, or null
 */
record DiskFreeze(
        MachineDisk disk,
        int index,
        @Nullable Checkpoint since,
        @Nullable FullReadReason reason,
        @Nullable DirtyBitmap retired) {

    /** The name of the disk's new checkpoint, and of the bitmap on its overlay. */
    String checkpoint(RunNames names) {
        return names.of(Kind.CHECKPOINT, index);
    }

    /** Makes the scratch overlay. */
    void prepare(BlockLayer machine, RunNames names, Scratch scratch, UndoStack undo) {
        Path file = scratch.overlay(names, index);
        String fileNode = names.of(Kind.FILE_NODE, index);
        String overlay = names.of(Kind.OVERLAY, index);
        String job = names.of(Kind.CREATE_JOB, index);
        try {
            undo.push("delete " + file, () -> scratch.delete(file));
            machine.create(job, Map.of("driver", "file", "filename", file.toString(), "size", 0));
            machine.addNode(Map.of("driver", "file", "node-name", fileNode, "filename", file.toString()));
            undo.push("close " + fileNode, () -> machine.deleteNode(fileNode));
            machine.create(
                    job,
                    Map.of(
                            "driver",
                            "qcow2",
                            "file",
                            fileNode,
                            "size",
                            disk.node().sizeBytes()));
            machine.addNode(Map.of("driver", "qcow2", "node-name", overlay, "file", fileNode, "discard", "unmap"));
            undo.push("close " + overlay, () -> machine.deleteNode(overlay));
        } catch (QmpException e) {
            throw e.reason() == QmpErrorCode.QMP_COMMAND_FAILED ? unusable(file, e) : e;
        }
    }

    /** What happens to this disk at the instant. */
    List<Map<String, Object>> actions(RunNames names, int granularityBytes, boolean breakSnapshot) {
        String node = disk.node().name();
        String overlay = names.of(Kind.OVERLAY, index);
        List<Map<String, Object>> actions = new ArrayList<>();
        actions.add(action(
                "block-dirty-bitmap-add",
                Map.of(
                        "node",
                        node,
                        "name",
                        checkpoint(names),
                        "granularity",
                        granularityBytes,
                        "persistent",
                        disk.node().keepsBitmaps())));
        if (since != null) {
            actions.add(action(
                    "block-dirty-bitmap-add",
                    Map.of(
                            "node",
                            overlay,
                            "name",
                            checkpoint(names),
                            "granularity",
                            granularityBytes,
                            "disabled",
                            true)));
            actions.add(action(
                    "block-dirty-bitmap-merge",
                    Map.of(
                            "node", overlay,
                            "target", checkpoint(names),
                            "bitmaps", List.of(Map.of("node", node, "name", since.name())))));
        }
        Map<String, Object> backup = new HashMap<>(Map.of(
                "job-id",
                names.of(Kind.BACKUP_JOB, index),
                "device",
                node,
                "target",
                overlay,
                "sync",
                "none",
                "filter-node-name",
                names.of(Kind.FILTER, index)));
        if (breakSnapshot) {
            backup.put("on-cbw-error", "break-snapshot");
        }
        actions.add(action("blockdev-backup", backup));
        return actions;
    }

    /** Exports the frozen content. */
    void export(BlockLayer machine, RunNames names, UndoStack undo) {
        String snapshot = names.of(Kind.SNAPSHOT, index);
        machine.addNode(
                Map.of("driver", "snapshot-access", "node-name", snapshot, "file", names.of(Kind.FILTER, index)));
        undo.push("close " + snapshot, () -> machine.deleteNode(snapshot));
        String export = names.of(Kind.EXPORT, index);
        Map<String, Object> options = new HashMap<>(
                Map.of("type", "nbd", "id", export, "node-name", snapshot, "name", export, "writable", false));
        if (since != null) {
            options.put("bitmaps", List.of(Map.of("node", names.of(Kind.OVERLAY, index), "name", checkpoint(names))));
        }
        machine.addExport(options);
        undo.push("end export " + export, () -> machine.removeExport(export));
    }

    /** What the run sees of it. */
    FrozenDisk frozen(RunNames names, NbdUri server, int granularityBytes) {
        return new FrozenDisk(
                disk.name(),
                server.withExport(names.of(Kind.EXPORT, index)),
                since == null ? null : "qemu:dirty-bitmap:" + checkpoint(names),
                false,
                reason,
                CheckpointCheck.checkpoint(
                        checkpoint(names), granularityBytes, disk.node().keepsBitmaps()));
    }

    private static Map<String, Object> action(String type, Map<String, ?> data) {
        return Map.of("type", type, "data", data);
    }

    private static QmpException unusable(Path file, QmpException cause) {
        return new QmpException(
                QmpErrorCode.SCRATCH_UNUSABLE,
                "QEMU cannot make the scratch overlay " + file + ": " + cause.getMessage(),
                "Set the source's scratchDirectory to a directory that exists where QEMU runs and that it may write.");
    }
}
