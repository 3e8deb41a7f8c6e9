package dev.nightjar.storage.blob;

import java.util.List;
import java.util.Random;
import java.util.SortedMap;

/** Goes through what was done to a disk, and tells what a crash at each place leaves. Used by one thread. */
public final class DiskReplay {

    private final FileSystemModel model = new FileSystemModel();
    private final List<FileOperation> operations;
    private int done;

    DiskReplay(List<FileOperation> operations) {
        this.operations = operations;
    }

    /** Goes on until so many operations are done. */
    public void advance(int to) {
        while (done < to) {
            model.apply(operations.get(done++));
        }
    }

    /** The files, by path, and the directories, with a slash at the end, that a crash now leaves. Arrays of equal content are often the same. */
    public SortedMap<String, byte[]> crash(LossPolicy policy, Random random) {
        return model.crash(policy, random);
    }
}
