/** Recover: the content of any recovery point, at random or from front to back, every chunk checked against its id. */
@NullMarked
package dev.nightjar.storage.recover;

import org.jspecify.annotations.NullMarked;
