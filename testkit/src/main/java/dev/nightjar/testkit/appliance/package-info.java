/** Nightjar as its user sees it: a process that is started and killed, and a REST API; no class of Nightjar's is used here. */
@NullMarked
package dev.nightjar.testkit.appliance;

import org.jspecify.annotations.NullMarked;
