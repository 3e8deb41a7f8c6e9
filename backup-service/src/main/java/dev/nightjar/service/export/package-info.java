/** Serves recovery points over NBD, read-only or writable, and makes points of what was written. */
@NullMarked
package dev.nightjar.service.export;

import org.jspecify.annotations.NullMarked;
