/** Reading a frozen disk: its block status into a plan, its bytes into the ingest. */
@NullMarked
package dev.nightjar.service.backup.pull;

import org.jspecify.annotations.NullMarked;
