package dev.nightjar.nbd.server;

import dev.nightjar.nbd.protocol.Violation;
import dev.nightjar.nbd.server.handshake.OptionRule;
import dev.nightjar.nbd.server.transmission.RequestRule;
import java.io.IOException;

/**
 * One way to break one rule.
 *
 * @param how in a few words
 * @param reaction what the server does about it
 */
record HostileCase(String how, Reaction reaction, Script script) {

    /** What the client does, from the accepted connection up to and including the breach. */
    @FunctionalInterface
    interface Script {
        void play(ScriptedClient client) throws IOException;
    }

    /** What has to follow within a second. */
    sealed interface Reaction {

        /** The option is refused, and the next one is answered. */
        record Refused(OptionRule rule) implements Reaction {}

        /** The request fails, and the next one is served. */
        record Failed(RequestRule rule) implements Reaction {}

        /** The connection is closed, and the breach counted. */
        record Closed(Violation rule) implements Reaction {}
    }

    static HostileCase refused(OptionRule rule, String how, Script script) {
        return new HostileCase(how, new Reaction.Refused(rule), script);
    }

    static HostileCase failed(RequestRule rule, String how, Script script) {
        return new HostileCase(how, new Reaction.Failed(rule), script);
    }

    static HostileCase closed(Violation rule, String how, Script script) {
        return new HostileCase(how, new Reaction.Closed(rule), script);
    }

    Enum<?> rule() {
        return switch (reaction) {
            case Reaction.Refused(OptionRule rule) -> rule;
            case Reaction.Failed(RequestRule rule) -> rule;
            case Reaction.Closed(Violation rule) -> rule;
        };
    }

    @Override
    public String toString() {
        return rule() + ": " + how;
    }
}
