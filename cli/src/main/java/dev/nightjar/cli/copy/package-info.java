/** Copies disks between NBD exports, files and standard output, as nbdcopy does: many requests at a time, holes stay holes. */
@NullMarked
package dev.nightjar.cli.copy;

import org.jspecify.annotations.NullMarked;
