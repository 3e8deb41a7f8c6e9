/** What the dashboard shows first. */
@NullMarked
package dev.nightjar.service.overview;

import org.jspecify.annotations.NullMarked;
