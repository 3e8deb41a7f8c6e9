/** The walk over block status compared with QEMU's own, and over maps that are too large to hold. */
package dev.nightjar.nbd.client.map;
