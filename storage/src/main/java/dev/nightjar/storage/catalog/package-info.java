/** The catalog: PostgreSQL tables that say which chunk lies in which pack, which points are complete, and which runs hold a lease. */
@NullMarked
package dev.nightjar.storage.catalog;

import org.jspecify.annotations.NullMarked;
