package dev.nightjar.nbd.server;

import dev.nightjar.nbd.server.export.ServedDisk;
import java.util.ArrayList;
import java.util.List;

/** A disk of any size that reads as zeros, whose contexts alternate between two statuses every so many bytes. Notes what it is told. */
class HugeDisk implements ServedDisk {

    private final long size;
    private final long period;
    private final long even;
    private final long odd;
    private final List<String> told = new ArrayList<>();

    HugeDisk(long size, long period, long even, long odd) {
        this.size = size;
        this.period = period;
        this.even = even;
        this.odd = odd;
    }

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    private synchronized void note(String what) {
        told.add(what);
    }

    @Override
    public long sizeBytes() {
        return size;
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public List<Piece> read(long offset, int length) {
        return List.of(new Piece.Zeros(length));
    }

    @Override
    public List<String> contexts() {
        return List.of("x-test:alternating");
    }

    @Override
    public void status(String context, long offset, long length, StatusSink sink) {
        long at = offset;
        boolean more = true;
        while (more && at < offset + length) {
            long next = Math.min(size, (at / period + 1) * period);
            more = sink.extent(next - at, at / period % 2 == 0 ? even : odd);
            at = next;
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean mayTrim) {
        note("zeroes " + offset + " " + length + " " + mayTrim);
    }

    @Override
    public void trim(long offset, long length) {
        note("trim " + offset + " " + length);
    }

    @Override
    public void flush() {
        note("flush");
    }

    @Override
    public void close() {
        note("close");
    }
}
