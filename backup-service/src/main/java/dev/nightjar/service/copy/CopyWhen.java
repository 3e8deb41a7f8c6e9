package dev.nightjar.service.copy;

/** When points are copied to a target. */
public enum CopyWhen {
    /** When somebody asks for it. */
    BY_HAND,
    /** As soon as a backup has taken them. */
    AFTER_BACKUP,
    /** Once a day. */
    DAILY
}
