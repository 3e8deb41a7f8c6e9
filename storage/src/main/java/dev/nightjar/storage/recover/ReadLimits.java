package dev.nightjar.storage.recover;

/**
 * The limits of one reading.
 *
 * @param batchBytes plaintext that is looked up, loaded and delivered together
 * @param batchesAhead how many are loaded before they are wanted; two more may be in memory
 */
record ReadLimits(int batchBytes, int batchesAhead) {

    static final ReadLimits DEFAULT = new ReadLimits(4 << 20, 3);
}
