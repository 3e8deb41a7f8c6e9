/** The NBD client that callers use: URIs, options, connections, and errors with a code and a hint. */
@NullMarked
package dev.nightjar.nbd.client;

import org.jspecify.annotations.NullMarked;
