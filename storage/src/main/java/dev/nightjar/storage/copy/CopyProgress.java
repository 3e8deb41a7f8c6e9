package dev.nightjar.storage.copy;

import dev.nightjar.storage.point.PointRecord;

/**
 * How far a copy has come.
 *
 * @param point what is being copied
 * @param number which of the points that it is, from 1
 * @param points how many there are to copy
 * @param offset how far of the point's disk, in bytes; what did not change is passed over
 * @param readBytes read of all points
 * @param storedBytes stored of all points, as packs hold them
 */
public record CopyProgress(PointRecord point, int number, int points, long offset, long readBytes, long storedBytes) {}
