/** The QEMU machine protocol: a client, the few commands a frozen view needs, and the life of checkpoints and views. */
@NullMarked
package dev.nightjar.service.source.qmp;

import org.jspecify.annotations.NullMarked;
