package dev.nightjar.storage.blob;

/**
 * Space that a store sets aside, so that a full disk can still be reclaimed: before anything is deleted, a little has to be written. Thread-safe.
 *
 * <p>Space that was given up can be taken by anybody who writes at that moment; whoever begins to store something new makes sure first that it is set aside again.
 */
public interface SpaceReserve {

    /** That of stores whose space cannot be set aside. */
    SpaceReserve NONE = new SpaceReserve() {
        @Override
        public boolean keep() {
            return true;
        }

        @Override
        public boolean giveUp() {
            return false;
        }
    };

    /**
     * Sets the space aside unless it is already. Nothing is left if that fails.
     *
     * @return false if there is not room for it, and for as much again
     * @throws dev.nightjar.storage.StorageException REPOSITORY_NOT_WRITABLE, REPOSITORY_IO_ERROR
     */
    boolean keep();

    /**
     * Gives the space up.
     *
     * @return false if there was none
     * @throws dev.nightjar.storage.StorageException REPOSITORY_NOT_WRITABLE, REPOSITORY_IO_ERROR
     */
    boolean giveUp();
}
