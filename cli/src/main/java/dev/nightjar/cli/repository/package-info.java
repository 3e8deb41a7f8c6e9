/** The tools for repositories: looked at, checked and restored from without a service. */
@NullMarked
package dev.nightjar.cli.repository;

import org.jspecify.annotations.NullMarked;
