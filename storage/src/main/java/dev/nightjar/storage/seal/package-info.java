/** Frames: neighbouring chunks compressed and sealed as one, and opened again. */
@NullMarked
package dev.nightjar.storage.seal;

import org.jspecify.annotations.NullMarked;
