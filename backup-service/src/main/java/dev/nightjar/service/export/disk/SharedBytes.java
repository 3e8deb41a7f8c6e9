package dev.nightjar.service.export.disk;

import dev.nightjar.storage.serve.DiskPiece;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/** Bytes of a cached frame as a buffer of Netty's, which gives them back when it is released. Nothing is copied. */
final class SharedBytes extends UnpooledDirectByteBuf {

    private final DiskPiece.Data piece;

    SharedBytes(DiskPiece.Data piece) {
        super(UnpooledByteBufAllocator.DEFAULT, piece.bytes(), piece.bytes().remaining());
        this.piece = piece;
    }

    @Override
    protected void deallocate() {
        super.deallocate();
        piece.release();
    }
}
