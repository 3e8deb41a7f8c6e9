/**
 * Repositories of every version of the format, kept as files for ever: {@code src/test/resources/golden}. Every release opens, rebuilds and restores them; an independent reader proves that
 * docs/format.md tells all it takes.
 */
package dev.nightjar.storage.golden;
