package dev.nightjar.nbd.server;

import dev.nightjar.nbd.protocol.Violation;
import java.util.Map;

/**
 * What a server has done since it started. Immutable, a snapshot.
 *
 * @param clients connected now
 * @param connections accepted so far, also those that were closed at once
 * @param tooManyClients connections closed at once because there were as many clients as allowed
 * @param handshakeTimeouts connections closed because they had not chosen an export in time
 * @param tlsFailures connections closed because their TLS handshake failed
 * @param stalled connections closed because they took no replies or did not finish a payload
 * @param violations connections closed for breaking a rule of the protocol, by rule
 * @param memoryBytes held by requests and replies now
 */
public record ServerStatistics(
        int clients,
        long connections,
        long tooManyClients,
        long handshakeTimeouts,
        long tlsFailures,
        long stalled,
        Map<Violation, Long> violations,
        long memoryBytes) {

    public ServerStatistics {
        violations = Map.copyOf(violations);
    }
}
