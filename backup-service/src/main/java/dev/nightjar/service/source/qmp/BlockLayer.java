package dev.nightjar.service.source.qmp;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The commands of QEMU's block layer that a frozen view needs, typed; works with QEMU and with {@code qemu-storage-daemon}. As
 * thread-safe as its connection; every method blocks and throws {@link QmpException}.
 *
 * @param connection the session that it speaks over
 */
record BlockLayer(QmpConnection connection) {

    /** All nodes. */
    List<BlockNode> nodes() {
        JsonNode answer = connection.execute("query-named-block-nodes", Map.of("flat", true));
        return stream(answer).map(BlockNode::of).toList();
    }

    /** The guest's devices with a medium; none at a storage daemon. */
    List<BlockDevice> devices() {
        return stream(connection.execute("query-block"))
                .map(BlockDevice::of)
                .filter(Objects::nonNull)
                .toList();
    }

    List<BlockExport> exports() {
        return stream(connection.execute("query-block-exports"))
                .map(BlockExport::of)
                .toList();
    }

    List<BlockJob> jobs() {
        return stream(connection.execute("query-jobs")).map(BlockJob::of).toList();
    }

    /**
     * Creates an image by a job and waits for it.
     *
     * @param jobId a name for the job, which is gone when this returns
     * @param options driver, file, size … as {@code blockdev-create} takes them
     */
    void create(String jobId, Map<String, ?> options) {
        connection.execute("blockdev-create", Map.of("job-id", jobId, "options", options));
        until("job " + jobId, () -> job(jobId).map(BlockJob::concluded).orElse(true));
        Optional<BlockJob> job = job(jobId);
        if (job.isPresent()) {
            connection.execute("job-dismiss", Map.of("id", jobId));
            String error = job.get().error();
            if (error != null) {
                throw new QmpException(
                        QmpErrorCode.QMP_COMMAND_FAILED,
                        "QEMU could not create " + options + ": " + error,
                        "Check that QEMU may write there and that there is space.");
            }
        }
    }

    /** Opens a node. */
    void addNode(Map<String, ?> options) {
        connection.execute("blockdev-add", options);
    }

    /** Closes a node that nobody uses. */
    void deleteNode(String name) {
        connection.execute("blockdev-del", Map.of("node-name", name));
    }

    /** Does all actions at one instant, or none. */
    void transaction(List<Map<String, Object>> actions) {
        connection.execute("transaction", Map.of("actions", actions));
    }

    void removeBitmap(String node, String name) {
        connection.execute("block-dirty-bitmap-remove", Map.of("node", node, "name", name));
    }

    /** Starts QEMU's NBD server, of which there is one a process. */
    void startNbdServer(Path socket) {
        connection.execute(
                "nbd-server-start",
                Map.of(
                        "addr",
                        Map.of("type", "unix", "data", Map.of("path", socket.toString())),
                        "max-connections",
                        0));
    }

    void addExport(Map<String, ?> options) {
        connection.execute("block-export-add", options);
    }

    /** Ends an export with its connections and waits until it is gone. */
    void removeExport(String id) {
        connection.execute("block-export-del", Map.of("id", id, "mode", "hard"));
        until(
                "the end of export " + id,
                () -> exports().stream().noneMatch(export -> export.id().equals(id)));
    }

    /** Cancels a job and waits until it is gone; a job that has ended by itself is dismissed. */
    void endJob(String id) {
        Optional<BlockJob> before = job(id);
        if (before.isPresent() && !before.get().concluded()) {
            connection.execute("job-cancel", Map.of("id", id));
        }
        until("the end of job " + id, () -> job(id).map(BlockJob::concluded).orElse(true));
        if (job(id).isPresent()) {
            connection.execute("job-dismiss", Map.of("id", id));
        }
    }

    private Optional<BlockJob> job(String id) {
        return jobs().stream().filter(job -> job.id().equals(id)).findFirst();
    }

    private void until(String what, Condition condition) {
        long end = System.nanoTime() + connection.limits().job().toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end >= 0) {
                throw QmpException.timedOut(
                        connection.socket(), what, connection.limits().job());
            }
            connection.awaitEvent(QmpLimits.ASK_AGAIN);
        }
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Something that QEMU is asked for until it holds. */
    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }
}
