/** Rebuild: the catalog made again from the directories of the packs and the records of the points. */
@NullMarked
package dev.nightjar.storage.rebuild;

import org.jspecify.annotations.NullMarked;
