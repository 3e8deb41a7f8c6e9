/** A disk as a raw file. */
@NullMarked
package dev.nightjar.service.restore.raw;

import org.jspecify.annotations.NullMarked;
