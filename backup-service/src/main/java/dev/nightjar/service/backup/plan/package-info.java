/** What a run does with each chunk of a disk, decided from dirty bits and allocation alone. */
@NullMarked
package dev.nightjar.service.backup.plan;

import org.jspecify.annotations.NullMarked;
