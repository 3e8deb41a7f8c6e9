/** Copy: points from one repository to another one of any kind, with other keys, at the cost of what is missing there. */
@NullMarked
package dev.nightjar.storage.copy;

import org.jspecify.annotations.NullMarked;
