package dev.nightjar.cli.copy;

import dev.nightjar.cli.copy.CopySource.Pieces;

/**
 * Cuts pieces at whole blocks, where source and target differ in what a block is: zeros shrink to whole blocks, data grows to
 * them. What comes out is in order and without gaps, like what goes in.
 */
final class AlignedPieces implements Pieces {

    private final long block;
    private final long size;
    private final Pieces sink;
    /** Everything before it is handed on; a multiple of the block. */
    private long position;

    AlignedPieces(long block, long size, Pieces sink) {
        this.block = block;
        this.size = size;
        this.sink = sink;
    }

    @Override
    public void piece(long offset, long length, boolean zero) {
        long end = offset + length;
        long wholeEnd = end == size ? end : end - end % block;
        if (zero) {
            long start = offset + Math.floorMod(-offset, block);
            if (start >= wholeEnd) {
                start = wholeEnd;
            }
            emit(start, false);
            emit(wholeEnd, true);
        } else {
            emit(wholeEnd, false);
        }
    }

    private void emit(long end, boolean zero) {
        if (end > position) {
            sink.piece(position, end - position, zero);
            position = end;
        }
    }
}
