/** Serves disks over NBD: a server, its options and its exports. */
@NullMarked
package dev.nightjar.nbd.server;

import org.jspecify.annotations.NullMarked;
