/** The repositories of this service: making, opening, unlocking, their facts, rebuilding the catalog. */
@NullMarked
package dev.nightjar.service.repository;

import org.jspecify.annotations.NullMarked;
