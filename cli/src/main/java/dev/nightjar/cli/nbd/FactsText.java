package dev.nightjar.cli.nbd;

import dev.nightjar.cli.Printable;
import dev.nightjar.cli.ResultOutput.Lines;
import dev.nightjar.cli.Sizes;

/** Facts for people. */
final class FactsText {

    private FactsText() {}

    static void write(Lines out, ExportFacts facts) {
        long size = facts.export().size();
        out.print("export " + Printable.quoted(facts.export().name()));
        if (!facts.export().description().isEmpty()) {
            out.print("  description: " + Printable.of(facts.export().description()));
        }
        out.print("  uri: " + facts.uri());
        out.print("  size: %d (%s)".formatted(size, Sizes.exact(size)));
        out.print("  replies: " + mode(facts));
        out.print("  TLS: " + (facts.export().encrypted() ? "yes" : "no"));
        out.print("  contexts:" + (facts.contexts().isEmpty() ? " none" : ""));
        facts.contexts().forEach(name -> out.print("    " + Printable.of(name)));
        facts.flags().forEach((name, value) -> out.print("  " + name + ": " + value));
        facts.blockSizes().forEach((name, value) -> out.print("  " + name + ": " + value));
    }

    private static String mode(ExportFacts facts) {
        return switch (facts.export().mode()) {
            case SIMPLE -> "simple";
            case STRUCTURED -> "structured";
            case EXTENDED -> "extended (64-bit)";
        };
    }
}
