/** Negotiation with a server, one class for each exchange, without sockets. */
@NullMarked
package dev.nightjar.nbd.client.handshake;

import org.jspecify.annotations.NullMarked;
