/** The repository that this service writes to: opening it, its facts, rebuilding its catalog. */
@NullMarked
package dev.nightjar.service.repository;

import org.jspecify.annotations.NullMarked;
