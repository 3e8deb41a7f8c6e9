/** What the repository needs from time to time: freeing the space of what no point needs any more, and proving what is stored. */
@NullMarked
package dev.nightjar.service.upkeep;

import org.jspecify.annotations.NullMarked;
