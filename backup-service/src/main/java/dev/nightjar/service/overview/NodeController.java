package dev.nightjar.service.overview;

import dev.nightjar.service.node.Node;
import dev.nightjar.service.node.Nodes;
import dev.nightjar.service.run.RunHistory;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The nodes over REST. */
@RestController
@RequestMapping(path = "/api/v1/nodes", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Overview")
class NodeController {

    private final Node self;
    private final Nodes nodes;
    private final RunHistory runs;

    NodeController(Node self, Nodes nodes, RunHistory runs) {
        this.self = self;
        this.nodes = nodes;
        this.runs = runs;
    }

    @GetMapping
    @Operation(
            summary =
                    "The nodes that share the database, oldest first; those too that went silent and have not come back")
    List<NodeView> list() {
        Map<UUID, Long> active = runs.activeByNode();
        return nodes.all().stream()
                .map(node -> new NodeView(
                        node.id(),
                        node.name(),
                        node.alive() ? NodeView.State.ALIVE : NodeView.State.LOST,
                        node.startedAt(),
                        node.seenAt(),
                        active.getOrDefault(node.id(), 0L),
                        node.id().equals(self.id())))
                .toList();
    }
}
