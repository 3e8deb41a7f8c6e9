package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.ReplyMode;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a client wants of a server.
 *
 * @param export its name, may be empty
 * @param required metadata contexts without which the handshake fails
 * @param optional metadata contexts that are welcome
 * @param highestMode not to be exceeded
 */
public record Wanted(String export, List<String> required, List<String> optional, ReplyMode highestMode) {

    public Wanted {
        required = List.copyOf(required);
        optional = List.copyOf(optional);
    }

    List<String> contexts() {
        return Stream.concat(required.stream(), optional.stream()).distinct().toList();
    }
}
