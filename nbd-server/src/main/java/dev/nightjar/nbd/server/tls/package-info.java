/** Whether and how connections are encrypted. */
@NullMarked
package dev.nightjar.nbd.server.tls;

import org.jspecify.annotations.NullMarked;
