/** Requests in flight and the reassembly of their replies, without sockets. */
@NullMarked
package dev.nightjar.nbd.client.transmission;

import org.jspecify.annotations.NullMarked;
