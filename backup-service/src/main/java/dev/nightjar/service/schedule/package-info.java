/** Fires the slots of policies, each exactly once. */
@NullMarked
package dev.nightjar.service.schedule;

import org.jspecify.annotations.NullMarked;
