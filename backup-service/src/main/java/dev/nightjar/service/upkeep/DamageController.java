package dev.nightjar.service.upkeep;

import dev.nightjar.service.point.Points;
import dev.nightjar.service.upkeep.DamageView.DamagedPointView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is damaged, over REST. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Repository")
class DamageController {

    private final Damage damage;
    private final Points points;

    DamageController(Damage damage, Points points) {
        this.damage = damage;
        this.points = points;
    }

    @GetMapping("/repository/damage")
    @Operation(summary = "What is damaged, and which recovery points that reaches")
    DamageView get() {
        return DamageView.of(damage.report());
    }

    @GetMapping("/points/{id}/damage")
    @Operation(summary = "Which part of a recovery point damage in the repository reaches")
    DamagedPointView getPoint(@PathVariable UUID id) {
        return DamageView.of(damage.of(points.get(id)));
    }
}
