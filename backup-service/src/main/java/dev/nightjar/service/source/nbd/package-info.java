/** Exports that somebody else manages: nothing is frozen or left behind there. */
@NullMarked
package dev.nightjar.service.source.nbd;

import org.jspecify.annotations.NullMarked;
