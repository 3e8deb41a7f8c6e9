/** The walk over block status: from replies of any length to extents, without sockets. */
@NullMarked
package dev.nightjar.nbd.client.extent;

import org.jspecify.annotations.NullMarked;
