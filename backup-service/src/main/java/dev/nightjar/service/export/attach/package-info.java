/** What to paste into QEMU, libvirt and the NBD tools. Pure text. */
@NullMarked
package dev.nightjar.service.export.attach;

import org.jspecify.annotations.NullMarked;
