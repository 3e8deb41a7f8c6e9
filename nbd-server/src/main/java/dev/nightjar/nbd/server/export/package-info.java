/** What can be served: the interfaces that a disk implements, and the set of exports that a server offers. */
@NullMarked
package dev.nightjar.nbd.server.export;

import org.jspecify.annotations.NullMarked;
