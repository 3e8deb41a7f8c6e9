/** {@code nightjar nbd}: look at any NBD server, as nbdinfo does. */
@NullMarked
package dev.nightjar.cli.nbd;

import org.jspecify.annotations.NullMarked;
