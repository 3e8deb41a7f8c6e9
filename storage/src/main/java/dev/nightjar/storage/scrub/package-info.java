/** Scrub: reads what is stored, proves it, and tells what damage reaches which points. */
@NullMarked
package dev.nightjar.storage.scrub;

import org.jspecify.annotations.NullMarked;
