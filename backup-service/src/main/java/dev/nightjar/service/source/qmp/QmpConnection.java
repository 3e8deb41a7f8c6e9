package dev.nightjar.service.source.qmp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * One QMP session over a unix socket, with the greeting and the negotiation of capabilities behind it (QMP protocol specification,
 * sections 2.2 to 2.6). Blocking, thread-safe.
 *
 * <p>QEMU serves one client a socket: while this is open, others wait. After a time-out or a violation the connection is closed and
 * every later call fails.
 */
public final class QmpConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QmpConnection.class);

    private final Path socket;
    private final QmpLimits limits;
    private final QmpTransport transport;
    private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Semaphore events = new Semaphore(0);
    private volatile @Nullable QmpException broken;

    private QmpConnection(Path socket, QmpLimits limits) {
        this.socket = socket;
        this.limits = limits;
        this.transport = new QmpTransport(socket, limits.messageBytes(), this::received, this::broke);
    }

    /**
     * Connects and leaves capabilities negotiation behind.
     *
     * @throws QmpException {@code QMP_UNREACHABLE} or {@code QMP_PROTOCOL_VIOLATION}; nothing stays open
     */
    public static QmpConnection open(Path socket, QmpLimits limits) {
        QmpConnection connection = new QmpConnection(socket, limits);
        try {
            connection.transport.start();
            connection.await(connection.greeting, limits.greeting(), () -> QmpException.silent(socket));
            connection.execute("qmp_capabilities", Map.of(), limits.greeting());
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Where the machine listens. */
    public Path socket() {
        return socket;
    }

    /** How long things may take here. */
    public QmpLimits limits() {
        return limits;
    }

    /** Runs a command without arguments; see {@link #execute(String, Map)}. */
    public JsonNode execute(String command) {
        return execute(command, Map.of());
    }

    /**
     * Runs a command and waits for its answer.
     *
     * @param arguments what Jackson can write
     * @return the {@code return} member
     * @throws QmpException {@code QMP_COMMAND_FAILED} with QEMU's class and description if QEMU refused; else the connection is over
     */
    public JsonNode execute(String command, Map<String, ?> arguments) {
        return execute(command, arguments, limits.command());
    }

    private JsonNode execute(String command, Map<String, ?> arguments, Duration limit) {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            QmpException before = broken;
            if (before != null) {
                throw before.again();
            }
            transport.send(QmpMessage.command(command, arguments, id));
            JsonNode message = await(answer, limit, () -> QmpException.timedOut(socket, command, limit));
            JsonNode error = message.get("error");
            if (error != null) {
                throw QmpException.refused(command, error);
            }
            return message.required("return");
        } finally {
            waiting.remove(id);
        }
    }

    /**
     * Waits until QEMU reports anything at all, so that a condition is worth asking for again; returns after {@code limit} at the
     * latest.
     */
    public void awaitEvent(Duration limit) {
        try {
            if (events.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                events.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw QmpException.interrupted(socket, e);
        }
    }

    /** Ends the session; running jobs and exports stay. Whoever waits for an answer is told. */
    @Override
    public void close() {
        broke(QmpException.disconnected(socket, null));
    }

    private void received(JsonNode message) {
        if (message.has("event")) {
            LOG.debug("{}: {}", socket, message);
            events.release();
        } else if (message.has("QMP")) {
            greeting.complete(message);
        } else {
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.path("id").asLong(-1));
            if (answer == null) {
                broke(QmpException.violation(socket, "an answer that nobody waits for: " + message, null));
            } else if (message.has("return") || message.has("error")) {
                answer.complete(message);
            } else {
                broke(QmpException.violation(socket, "neither answer nor event: " + message, null));
            }
        }
    }

    // The first failure stays; everybody who waits now or asks later gets it.
    private synchronized void broke(QmpException failure) {
        if (broken == null) {
            broken = failure;
        }
        transport.close();
        greeting.completeExceptionally(failure);
        waiting.values().forEach(answer -> answer.completeExceptionally(failure));
        events.release();
    }

    private JsonNode await(CompletableFuture<JsonNode> answer, Duration limit, Timeout timeout) {
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            QmpException late = timeout.failure();
            broke(late);
            throw late;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            QmpException stopped = QmpException.interrupted(socket, e);
            broke(stopped);
            throw stopped;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof QmpException failure
                    ? failure.again()
                    : QmpException.disconnected(socket, e.getCause());
        }
    }

    /** What to throw when time is up. */
    @FunctionalInterface
    private interface Timeout {
        QmpException failure();
    }
}
