/** The command line: how commands are found, what they print, and how they end. */
@NullMarked
package dev.nightjar.cli;

import org.jspecify.annotations.NullMarked;
