/** Packs: immutable, content-named files of sealed frames with a directory at their end. */
@NullMarked
package dev.nightjar.storage.pack;

import org.jspecify.annotations.NullMarked;
