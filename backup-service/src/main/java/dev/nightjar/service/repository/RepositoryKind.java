package dev.nightjar.service.repository;

/** What a repository is kept on. */
public enum RepositoryKind {
    /** A directory of the service's host. */
    DIRECTORY,
    /** A bucket of an S3-compatible object store. */
    S3
}
