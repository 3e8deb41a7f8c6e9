/** Transmission as a server does it: requests are checked, performed on the disk and answered; no sockets. */
@NullMarked
package dev.nightjar.nbd.server.transmission;

import org.jspecify.annotations.NullMarked;
