package dev.nightjar.storage.crash;

import dev.nightjar.storage.blob.LossPolicy;
import dev.nightjar.storage.crash.Timeline.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Opens what a crash leaves at every place of a timeline, under every policy. */
final class Campaign {

    private static final int THREADS = 2;

    /** The stage has the one before. */
    private static final int FIRST_DATABASE = 1;

    private final Path directory;
    private final long seed;
    private final int draws;
    private final int share;
    private final List<Inspection> inspections = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
    private int prefixes;
    private int crashes;
    private int distinct;
    private int opened;

    /**
     * @param directory an empty one
     * @param seed of everything random
     * @param draws how often chance decides at each place
     * @param share one in so many of the distinct states is opened; 1 for all
     */
    Campaign(Path directory, long seed, int draws, int share) {
        this.directory = directory;
        this.seed = seed;
        this.draws = draws;
        this.share = share;
        for (int thread = 0; thread < THREADS; thread++) {
            inspections.add(new Inspection(Databases.empty(FIRST_DATABASE + thread)));
        }
    }

    /** How much was done. */
    record Result(int moments, int crashes, int states, int opened, int unannounced) {
        @Override
        public String toString() {
            return "%d prefixes, %d crashes, %d distinct states, %d of them opened and checked; %d points were whole that nobody had been told of"
                    .formatted(moments, crashes, states, opened, unannounced);
        }
    }

    private record State(String what, LossPolicy policy, Medium.Wreck wreck, Moment moment, boolean databaseLives) {}

    /** Opens what crashes at these moments leave, and adds it to the result. */
    void run(Medium medium, List<Moment> moments) throws InterruptedException {
        List<State> states = distinct(medium, moments);
        List<State> chosen = chosen(states);
        prefixes += moments.size();
        distinct += states.size();
        opened += chosen.size();
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                done.add(threads.submit(() -> inspect(chosen, first)));
            }
        }
        for (Future<?> one : done) {
            finish(one);
        }
    }

    Result result() {
        int unannounced = inspections.stream().mapToInt(Inspection::unannounced).sum();
        return new Result(prefixes, crashes, distinct, opened, unannounced);
    }

    private List<State> distinct(Medium medium, List<Moment> moments) {
        List<State> states = new ArrayList<>();
        Random random = new Random(seed);
        Medium.Replay replay = medium.replay();
        for (int i = 0; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            replay.advance(moment.operations());
            for (LossPolicy policy : medium.policies()) {
                int times = policy == LossPolicy.ANYTHING ? draws : 1;
                for (int draw = 0; draw < times; draw++) {
                    Medium.Wreck wreck = replay.crash(policy, random);
                    String what = "seed " + seed + ", prefix " + i + " (after " + moment.what() + "), lost: " + policy;
                    add(states, new State(what, policy, wreck, moment, false));
                    add(states, new State(what, policy, wreck, moment, true));
                }
            }
        }
        return states;
    }

    private void add(List<State> states, State state) {
        crashes++;
        String key = state.wreck.fingerprint()
                + number(state.moment.expectation())
                + (state.databaseLives ? "with" + number(state.moment.catalog()) : "without");
        if (seen.add(key)) {
            states.add(state);
        }
    }

    private String number(Object thing) {
        return "/" + numbers.computeIfAbsent(thing, _ -> numbers.size());
    }

    private List<State> chosen(List<State> states) {
        if (share == 1) {
            return states;
        }
        List<State> shuffled = new ArrayList<>(states);
        Collections.shuffle(shuffled, new Random(seed));
        // The policies take turns: of one that makes a difference at few places there are few states.
        Map<LossPolicy, Integer> turns = new EnumMap<>(LossPolicy.class);
        IdentityHashMap<State, Integer> turn = new IdentityHashMap<>();
        shuffled.forEach(state -> turn.put(state, turns.merge(state.policy, 1, Integer::sum)));
        shuffled.sort(Comparator.comparing(turn::get));
        return shuffled.subList(0, Math.ceilDiv(states.size(), share));
    }

    private void inspect(List<State> states, int first) {
        Inspection inspection = inspections.get(first);
        for (int i = first; i < states.size(); i += THREADS) {
            State state = states.get(i);
            Path scratch = directory.resolve("state-" + i);
            try {
                Files.createDirectory(scratch);
                if (state.databaseLives) {
                    inspection.withTheDatabase(
                            state.wreck, state.moment.catalog(), state.moment.expectation(), scratch);
                } else {
                    inspection.fromTheRepositoryAlone(
                            state.wreck, state.moment.catalog(), state.moment.expectation(), scratch);
                }
                delete(scratch);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        state.what + (state.databaseLives ? ", database as it was" : ", database lost"), e);
            }
        }
    }

    private static void finish(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AssertionError failed ? failed : new AssertionError(e.getCause());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
