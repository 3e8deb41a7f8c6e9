/** Recovery points and overlays as disks that the NBD server serves. */
@NullMarked
package dev.nightjar.service.export.disk;

import org.jspecify.annotations.NullMarked;
