/** Encryption of connections: what is required, which certificates count, and why it did not come about. */
@NullMarked
package dev.nightjar.nbd.client.tls;

import org.jspecify.annotations.NullMarked;
