/** The handshake as a server leads it: options in, replies out, no sockets. */
@NullMarked
package dev.nightjar.nbd.server.handshake;

import org.jspecify.annotations.NullMarked;
