/** The repository as a whole: create or open it, write and read points, delete them, and make its catalog anew. */
@NullMarked
package dev.nightjar.storage.repository;

import org.jspecify.annotations.NullMarked;
