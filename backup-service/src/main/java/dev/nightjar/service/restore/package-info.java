/** Brings recovery points back: to a file, to an NBD export, or as a download. */
@NullMarked
package dev.nightjar.service.restore;

import org.jspecify.annotations.NullMarked;
