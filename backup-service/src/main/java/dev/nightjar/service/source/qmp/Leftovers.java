package dev.nightjar.service.source.qmp;

import dev.nightjar.service.source.qmp.RunNames.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The janitor: removes at a machine what carries our repository's name and no run owns: exports, nodes, jobs, scratch files, and
 * checkpoints that no recovery point leans on. Nothing else is touched.
 *
 * @param machine the machine
 * @param names how this repository's things are called
 * @param active the runs at work
 */
record Leftovers(BlockLayer machine, RunNames names, ActiveRuns active) {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /**
     * Removes the leftovers.
     *
     * @param checkpoints names of the checkpoints to keep
     * @return names of the nodes that had a checkpoint which was removed
     * @throws QmpException if QEMU does not let go of something; the next run tries again
     */
    Set<String> remove(Scratch scratch, Set<String> checkpoints) {
        for (BlockExport export : machine.exports()) {
            if (leftover(export.id())) {
                LOG.info("removing leftover export {}", export.id());
                machine.removeExport(export.id());
            }
        }
        removeNodes(Kind.SNAPSHOT);
        for (BlockJob job : machine.jobs()) {
            if (leftover(job.id())) {
                LOG.info("ending leftover job {}", job.id());
                machine.endJob(job.id());
            }
        }
        removeNodes(Kind.OVERLAY);
        removeNodes(Kind.FILE_NODE);
        scratch.deleteLeftovers(names, active);
        return removeCheckpoints(checkpoints);
    }

    private void removeNodes(Kind kind) {
        for (BlockNode node : machine.nodes()) {
            if (leftover(node.name()) && Kind.of(node.name()) == kind) {
                LOG.info("removing leftover node {}", node.name());
                machine.deleteNode(node.name());
            }
        }
    }

    private Set<String> removeCheckpoints(Set<String> keep) {
        Set<String> orphaned = new HashSet<>();
        List<BlockNode> nodes = machine.nodes();
        for (BlockNode node : nodes) {
            for (DirtyBitmap bitmap : node.bitmaps()) {
                boolean onDisk = names.tagOf(node.name()) == null;
                if (onDisk && leftover(bitmap.name()) && !keep.contains(bitmap.name())) {
                    LOG.info(
                            "removing checkpoint {} of {}, on which no recovery point leans",
                            bitmap.name(),
                            node.name());
                    removeCheckpoint(node, bitmap);
                    orphaned.add(node.name());
                }
            }
        }
        return orphaned;
    }

    private void removeCheckpoint(BlockNode node, DirtyBitmap bitmap) {
        try {
            machine.removeBitmap(node.name(), bitmap.name());
        } catch (QmpException e) {
            if (e.reason() != QmpErrorCode.QMP_COMMAND_FAILED) {
                throw e;
            }
            // Somebody looks at it just now. It costs a little memory until a later run finds it free.
            LOG.warn("checkpoint {} stays for now: {}", bitmap.name(), e.getMessage());
        }
    }

    private boolean leftover(String name) {
        String tag = names.tagOf(name);
        return tag != null && !active.owns(tag);
    }
}
