package dev.nightjar.nbd.server.transport;

import dev.nightjar.nbd.protocol.Violation;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts connections and how they ended. Thread-safe. */
public final class ServerTally {

    private final AtomicInteger clients = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final Map<Ending, LongAdder> endings = new EnumMap<>(Ending.class);
    private final Map<Violation, LongAdder> violations = new ConcurrentHashMap<>();

    /** Why the server closed a connection that had broken no rule of the protocol. */
    public enum Ending {
        /** There were as many clients as allowed. */
        TOO_MANY_CLIENTS,
        /** It had not chosen an export in time. */
        HANDSHAKE_TIMEOUT,
        /** The TLS handshake failed, for example for want of a certificate. */
        TLS_FAILED,
        /** It took no replies, or did not finish a request's payload, for too long. */
        STALLED
    }

    public ServerTally() {
        for (Ending ending : Ending.values()) {
            endings.put(ending, new LongAdder());
        }
    }

    /** One more client; false if that is one too many. */
    boolean enter(int most) {
        connections.increment();
        return clients.incrementAndGet() <= most;
    }

    void leave() {
        clients.decrementAndGet();
    }

    void ended(Ending ending) {
        counter(ending).increment();
    }

    void violated(Violation violation) {
        violations.computeIfAbsent(violation, _ -> new LongAdder()).increment();
    }

    private LongAdder counter(Ending ending) {
        LongAdder counter = endings.get(ending);
        if (counter == null) {
            throw new IllegalStateException(ending.name());
        }
        return counter;
    }

    public int clients() {
        return clients.get();
    }

    public long connections() {
        return connections.sum();
    }

    public long count(Ending ending) {
        return counter(ending).sum();
    }

    /** Connections that were closed for breaking a rule, by rule. */
    public Map<Violation, Long> violations() {
        Map<Violation, Long> all = new EnumMap<>(Violation.class);
        violations.forEach((violation, count) -> all.put(violation, count.sum()));
        return all;
    }
}
