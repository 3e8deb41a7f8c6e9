package dev.nightjar.service.repository;

/** What a repository is used for. */
public enum RepositoryRole {
    /** Backups go there, and points are restored from there; there is one. */
    PRIMARY,
    /** Points are copied there. */
    TARGET
}
