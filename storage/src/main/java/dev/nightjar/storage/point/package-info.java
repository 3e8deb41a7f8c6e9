/** Recovery points: the facts of a point and the sealed record that keeps them in the repository. */
@NullMarked
package dev.nightjar.storage.point;

import org.jspecify.annotations.NullMarked;
