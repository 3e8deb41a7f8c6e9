/** Policies: when machines are backed up and how many points are kept. */
@NullMarked
package dev.nightjar.service.policy;

import org.jspecify.annotations.NullMarked;
