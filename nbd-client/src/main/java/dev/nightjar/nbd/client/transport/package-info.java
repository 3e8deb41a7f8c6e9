/** Sockets: dials, carries the handshake, then pipelines requests and feeds what arrives to the reply reader. */
@NullMarked
package dev.nightjar.nbd.client.transport;

import org.jspecify.annotations.NullMarked;
