package dev.nightjar.service.source;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Trying a source over REST, before a machine is made of it. */
@RestController
@RequestMapping(path = "/api/v1/machines", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Machines")
class ProbeController {

    private final SourceProber prober;

    ProbeController(SourceProber prober) {
        this.prober = prober;
    }

    @PostMapping("/probe")
    @Operation(summary = "Try a source: does it answer, and what are its disks?")
    ProbeResult probe(@Valid @RequestBody SourceSpec source) {
        return new ProbeResult(prober.probe(source));
    }

    /**
     * What a source says of its disks.
     *
     * @param disks in the source's order
     */
    @Schema(name = "ProbeResult")
    record ProbeResult(List<ProbedDisk> disks) {}
}
