/** Deletes the points that a policy no longer keeps. */
@NullMarked
package dev.nightjar.service.retention;

import org.jspecify.annotations.NullMarked;
