/** Starts and drives the real peers of tests, demo and benchmarks, and keeps an independent witness of what they hold. */
@NullMarked
package dev.nightjar.testkit;

import org.jspecify.annotations.NullMarked;
