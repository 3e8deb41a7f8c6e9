/** Runs: claiming, executing, cancelling, and watching them live. */
@NullMarked
package dev.nightjar.service.run;

import org.jspecify.annotations.NullMarked;
