/** Benchmarks side by side with peers: each row alternates between ours and theirs in one run and compares the medians. */
@NullMarked
package dev.nightjar.bench;

import org.jspecify.annotations.NullMarked;
