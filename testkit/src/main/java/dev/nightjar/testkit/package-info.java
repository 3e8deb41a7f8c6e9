/** Placeholder sentence; the module's builder writes what this package is for. */
@NullMarked
package dev.nightjar.testkit;

import org.jspecify.annotations.NullMarked;
