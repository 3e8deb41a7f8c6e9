/** NBD messages and constants: pure encoding and decoding, no I/O, no state. */
@NullMarked
package dev.nightjar.nbd.protocol;

import org.jspecify.annotations.NullMarked;
