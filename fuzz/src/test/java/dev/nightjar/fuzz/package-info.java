/**
 * Coverage-guided fuzzing (Jazzer) of everything that reads what a peer sends. Each target is a class with a {@code fuzzerTestOneInput};
 * as a test it plays its recorded seeds and former findings, and {@link dev.nightjar.fuzz.FuzzIT} fuzzes it.
 */
package dev.nightjar.fuzz;
