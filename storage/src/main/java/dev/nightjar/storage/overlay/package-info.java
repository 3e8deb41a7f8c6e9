/**
 * Overlays: what is written to a disk whose content itself never changes, kept in a directory so that neither a kill nor a power cut loses what must not be lost.
 */
@NullMarked
package dev.nightjar.storage.overlay;

import org.jspecify.annotations.NullMarked;
