/** Machines: what is protected, and where its disks are reached. */
@NullMarked
package dev.nightjar.service.machine;

import org.jspecify.annotations.NullMarked;
