package dev.nightjar.storage.blob.s3;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Asks once and remembers the answer; a question that failed is asked again. Thread-safe. */
final class Once implements BooleanSupplier {

    private final BooleanSupplier question;
    private volatile @Nullable Boolean answer;

    Once(BooleanSupplier question) {
        this.question = question;
    }

    @Override
    public boolean getAsBoolean() {
        Boolean known = answer;
        if (known == null) {
            known = question.getAsBoolean();
            answer = known;
        }
        return known;
    }
}
