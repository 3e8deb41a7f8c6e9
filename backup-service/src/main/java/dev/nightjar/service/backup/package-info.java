/** Backups: which chunks of a machine's disks a run has to read, and the run that reads them into recovery points. */
@NullMarked
package dev.nightjar.service.backup;

import org.jspecify.annotations.NullMarked;
