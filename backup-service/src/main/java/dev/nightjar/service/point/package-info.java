/** Recovery points, as the API shows them. */
@NullMarked
package dev.nightjar.service.point;

import org.jspecify.annotations.NullMarked;
