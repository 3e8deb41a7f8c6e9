/** Serve: a recovery point open for random access, from memory where it can, with what is allocated and what differs from other points. */
@NullMarked
package dev.nightjar.storage.serve;

import org.jspecify.annotations.NullMarked;
