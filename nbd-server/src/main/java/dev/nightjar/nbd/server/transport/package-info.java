/** Sockets, pipelines, TLS and the limits on them; Netty. */
@NullMarked
package dev.nightjar.nbd.server.transport;

import org.jspecify.annotations.NullMarked;
