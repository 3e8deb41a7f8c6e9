/** Who may talk to the service: loopback only, and no foreign host or origin. */
@NullMarked
package dev.nightjar.service.access;

import org.jspecify.annotations.NullMarked;
