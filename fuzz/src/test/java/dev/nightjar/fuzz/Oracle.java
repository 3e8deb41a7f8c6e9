package dev.nightjar.fuzz;

import java.util.function.Supplier;

/** Says that a rule is broken. */
final class Oracle {

    private Oracle() {}

    static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
