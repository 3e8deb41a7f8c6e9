/** Maps: the persistent hash tree from chunk number to chunk id that is the content of a recovery point. */
@NullMarked
package dev.nightjar.storage.map;

import org.jspecify.annotations.NullMarked;
