package dev.nightjar.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Runs ours and theirs in turn, so that what else happens on the machine meets both, and takes the medians. */
final class Comparison {

    private static final int WARM_UP = 3;

    private final int runs;
    private final int warmUp;
    private final Screen screen;

    Comparison(int runs, Screen screen) {
        this(runs, WARM_UP, screen);
    }

    /** With so many runs of each that do not count. */
    Comparison(int runs, int warmUp, Screen screen) {
        this.runs = runs;
        this.warmUp = warmUp;
        this.screen = screen;
    }

    int runs() {
        return runs;
    }

    /** After some runs of each that do not count: caches fill, and code is compiled. */
    Row of(String name, String unit, double goal, DoubleSupplier ours, DoubleSupplier peer) {
        List<Double> oursAll = new ArrayList<>();
        List<Double> peerAll = new ArrayList<>();
        for (int run = 1 - warmUp; run <= runs; run++) {
            double one = ours.getAsDouble();
            double other = peer.getAsDouble();
            screen.sample(name, run, one, other);
            if (run > 0) {
                oursAll.add(one);
                peerAll.add(other);
            }
        }
        return Row.compared(name, unit, median(oursAll), median(peerAll), goal, runs);
    }

    /** Without peer and without a run that does not count: what is measured happens once. */
    Row alone(String name, String unit, double most, DoubleSupplier ours) {
        List<Double> all = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            all.add(ours.getAsDouble());
            screen.sample(name, run, all.getLast(), Double.NaN);
        }
        return Row.alone(name, unit, median(all), most, runs);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
