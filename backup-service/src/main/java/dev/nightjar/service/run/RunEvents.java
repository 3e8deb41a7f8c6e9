package dev.nightjar.service.run;

import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells watchers over server-sent events how runs go: those of this node four times a second at most, and at once when one ends; those of other nodes about once a
 * second, as their rows say. Thread-safe.
 */
@Component
class RunEvents {

    private static final long NO_LIMIT = 0;

    private final RunLauncher launcher;
    private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
    private final Map<UUID, RunView> told = new ConcurrentHashMap<>();
    private final Set<UUID> elsewhere = ConcurrentHashMap.newKeySet();

    RunEvents(RunLauncher launcher) {
        this.launcher = launcher;
    }

    /** Watches one run; the stream begins with the run as it is and ends with it. */
    SseEmitter watch(RunView run) {
        Watcher watcher = open(run.id());
        if (run.state().active()) {
            watcher.send("state", run);
            // It may have ended between the look and the registration.
            launcher.find(run.id()).filter(now -> !now.state().active()).ifPresent(this::tellEnd);
        } else {
            watcher.send("done", run);
            watcher.emitter.complete();
        }
        return watcher.emitter;
    }

    /** Watches all runs, those included that begin later. */
    SseEmitter watchAll() {
        Watcher watcher = open(null);
        launcher.running().forEach(run -> watcher.send("state", run));
        launcher.runningElsewhere().forEach(run -> watcher.send("state", run));
        return watcher.emitter;
    }

    @Scheduled(fixedRate = 250, timeUnit = TimeUnit.MILLISECONDS)
    void tellProgress() {
        if (watchers.isEmpty()) {
            return;
        }
        launcher.running().forEach(this::tellProgress);
    }

    /** The same for runs of other nodes, whose ends nobody publishes here. */
    @Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
    synchronized void tellElsewhere() {
        if (watchers.isEmpty()) {
            elsewhere.clear();
            return;
        }
        watchers.stream().flatMap(watcher -> Stream.ofNullable(watcher.run)).forEach(elsewhere::add);
        launcher.runningElsewhere().forEach(run -> {
            elsewhere.add(run.id());
            tellProgress(run);
        });
        for (UUID run : List.copyOf(elsewhere)) {
            Optional<RunView> ended =
                    launcher.find(run).filter(now -> !now.state().active());
            if (launcher.executes(run) || ended.isPresent()) {
                elsewhere.remove(run);
                ended.ifPresent(this::tellEnd);
            }
        }
    }

    private void tellProgress(RunView run) {
        RunView before = told.put(run.id(), run);
        boolean moved = before == null || before.phase() != run.phase() || before.state() != run.state();
        tell(moved ? "state" : "progress", run);
    }

    @EventListener
    void ended(RunEnded event) {
        tellEnd(event.run());
    }

    /** Keeps quiet connections open, and finds out which are gone. */
    @Scheduled(fixedRate = 15, timeUnit = TimeUnit.SECONDS)
    void keepAlive() {
        watchers.forEach(Watcher::comment);
    }

    @PreDestroy
    void close() {
        watchers.forEach(watcher -> watcher.emitter.complete());
    }

    // Both who executes a run and who looks at its row may find that it has ended; it is told once to those who watch
    // it alone.
    private synchronized void tellEnd(RunView run) {
        told.remove(run.id());
        tell("done", run);
        List<Watcher> satisfied = watchers.stream()
                .filter(watcher -> run.id().equals(watcher.run))
                .toList();
        satisfied.forEach(watchers::remove);
        satisfied.forEach(watcher -> watcher.emitter.complete());
    }

    private void tell(String event, RunView run) {
        watchers.stream()
                .filter(watcher -> watcher.run == null || watcher.run.equals(run.id()))
                .forEach(watcher -> watcher.send(event, run));
    }

    private Watcher open(@Nullable UUID run) {
        Watcher watcher = new Watcher(run, new SseEmitter(NO_LIMIT));
        watcher.emitter.onCompletion(() -> watchers.remove(watcher));
        watcher.emitter.onError(gone -> watchers.remove(watcher));
        watcher.emitter.onTimeout(() -> watchers.remove(watcher));
        watchers.add(watcher);
        return watcher;
    }

    /** One open stream; null watches every run. */
    private final class Watcher {

        private final @Nullable UUID run;
        private final SseEmitter emitter;

        private Watcher(@Nullable UUID run, SseEmitter emitter) {
            this.run = run;
            this.emitter = emitter;
        }

        private void send(String event, RunView view) {
            sendOrDrop(SseEmitter.event().name(event).data(view, MediaType.APPLICATION_JSON));
        }

        private void comment() {
            sendOrDrop(SseEmitter.event().comment("still here"));
        }

        private void sendOrDrop(SseEmitter.SseEventBuilder event) {
            try {
                emitter.send(event);
            } catch (IOException | IllegalStateException gone) {
                watchers.remove(this);
            }
        }
    }
}
