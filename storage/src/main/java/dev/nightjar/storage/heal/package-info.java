/** Healing: what is damaged, brought back from copies that are still there. */
@NullMarked
package dev.nightjar.storage.heal;

import org.jspecify.annotations.NullMarked;
