/** Where a machine's disks are reached: what a source is made of, whether it answers, and frozen views of its disks for one run. */
@NullMarked
package dev.nightjar.service.source;

import org.jspecify.annotations.NullMarked;
