/** The one exception of the service with its stable code and hint, and how every failure is described. */
@NullMarked
package dev.nightjar.service.error;

import org.jspecify.annotations.NullMarked;
