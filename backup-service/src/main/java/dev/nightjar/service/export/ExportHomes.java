package dev.nightjar.service.export;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.node.Node;
import dev.nightjar.service.node.NodeRow;
import dev.nightjar.service.node.Nodes;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Which node an export belongs to: the one whose data directory has its overlay. Thread-safe. */
@Component
class ExportHomes {

    private final Node node;
    private final Nodes nodes;

    ExportHomes(Node node, Nodes nodes) {
        this.node = node;
        this.nodes = nodes;
    }

    /** This node's. */
    UUID here() {
        return node.home();
    }

    boolean isHere(ServedDiskFacts facts) {
        return facts.home().equals(node.home());
    }

    /** Whether no node is there any more that could serve it. */
    boolean isOrphaned(ServedDiskFacts facts) {
        return nodes.at(facts.home()).filter(NodeRow::alive).isEmpty();
    }

    /** The name of the node that it belongs to. */
    String name(ServedDiskFacts facts) {
        return isHere(facts)
                ? node.name()
                : nodes.at(facts.home()).map(NodeRow::name).orElse("unknown");
    }

    /**
     * Makes sure that the export is this node's.
     *
     * @throws NightjarException EXPORT_ELSEWHERE
     */
    void requireHere(ServedDiskFacts facts) {
        if (!isHere(facts)) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "EXPORT_ELSEWHERE",
                    "export " + facts.name() + " belongs to node " + name(facts)
                            + ", and so does what was written to it",
                    isOrphaned(facts)
                            ? "Start that node again. If it is gone for good, take the export over, or close it and discard what was written."
                            : "Ask that node.");
        }
    }

    /**
     * Makes sure that the export can be taken over.
     *
     * @throws NightjarException EXPORT_NOT_ORPHANED, EXPORT_WRITABLE
     */
    void requireTakeable(ServedDiskFacts facts) {
        if (isHere(facts) || !isOrphaned(facts)) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "EXPORT_NOT_ORPHANED",
                    "node " + name(facts) + " serves " + facts.name(),
                    "Close it there and open the point here.");
        }
        if (facts.writable()) {
            throw new NightjarException(
                    HttpStatus.CONFLICT,
                    "EXPORT_WRITABLE",
                    "what was written to " + facts.name() + " lies with node " + name(facts),
                    "Start that node again. If it is gone for good, close the export, discard what was written, and open the point here.");
        }
    }
}
