package dev.nightjar.storage.repository;

/** Whether a catalog knows what its repository has. */
public enum CatalogState {
    /** Every point of the catalog has its record in the repository, and every record its point. */
    MATCHES,
    /** The catalog is new, lost or stale: nothing may be written before it is rebuilt. */
    NEEDS_REBUILD
}
