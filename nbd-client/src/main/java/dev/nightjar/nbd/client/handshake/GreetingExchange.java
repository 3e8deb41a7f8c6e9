package dev.nightjar.nbd.client.handshake;

import dev.nightjar.nbd.protocol.Greeting;

/** Receives the greeting and answers with the flags that both sides know. */
final class GreetingExchange {

    private final HandshakeWire wire;

    GreetingExchange(HandshakeWire wire) {
        this.wire = wire;
    }

    Greeting greet() {
        Greeting greeting = wire.receive(Greeting.BYTES, Greeting::decode);
        wire.greeted();
        wire.send(out -> out.writeInt(greeting.clientFlags()));
        return greeting;
    }
}
