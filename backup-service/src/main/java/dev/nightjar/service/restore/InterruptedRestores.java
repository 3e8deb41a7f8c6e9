package dev.nightjar.service.restore;

import dev.nightjar.service.run.RunEnded;
import dev.nightjar.service.run.RunKind;
import dev.nightjar.service.run.RunState;
import dev.nightjar.service.run.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Deletes what a file restore that died with its process had written beside its target. */
@Component
class InterruptedRestores {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptedRestores.class);

    @EventListener
    void ended(RunEnded event) {
        RunView run = event.run();
        String target = run.target();
        boolean file = target != null && target.startsWith("/");
        if (file && run.kind() == RunKind.RESTORE && run.state() == RunState.INTERRUPTED) {
            tidyUp(FileRestore.temporary(Path.of(target), run.id()));
        }
    }

    private static void tidyUp(Path temporary) {
        try {
            if (Files.deleteIfExists(temporary)) {
                LOG.info("deleted {}, which an interrupted restore left", temporary);
            }
        } catch (IOException e) {
            LOG.warn("what an interrupted restore left stays for now: {}", temporary, e);
        }
    }
}
