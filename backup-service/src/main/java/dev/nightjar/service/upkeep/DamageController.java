package dev.nightjar.service.upkeep;

import dev.nightjar.service.upkeep.DamageView.DamagedPointView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is damaged, over REST. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repository")
class DamageController {

    private final Damage damage;

    DamageController(Damage damage) {
        this.damage = damage;
    }

    @GetMapping("/repository/damage")
    @Operation(summary = "What is damaged, and which recovery points that reaches")
    DamageView get(@RequestParam(required = false) @Nullable UUID repositoryId) {
        return DamageView.of(damage.report(repositoryId));
    }

    @GetMapping("/points/{id}/damage")
    @Operation(summary = "Which part of a recovery point damage in the repository reaches")
    DamagedPointView getPoint(@PathVariable UUID id, @RequestParam(required = false) @Nullable UUID repositoryId) {
        return DamageView.of(damage.of(repositoryId, id));
    }
}
