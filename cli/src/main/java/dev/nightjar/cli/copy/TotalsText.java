package dev.nightjar.cli.copy;

import dev.nightjar.cli.Sizes;
import java.util.Locale;

/** What a copy did, for people. */
final class TotalsText {

    private TotalsText() {}

    static String line(CopyTotals totals) {
        return String.format(
                Locale.ROOT,
                "%s copied in %.1f s: %s read, %s written, %s known to be zero; %s/s",
                Sizes.rounded(totals.size()),
                totals.took().toNanos() / 1e9,
                Sizes.rounded(totals.readBytes()),
                Sizes.rounded(totals.writtenBytes()),
                Sizes.rounded(totals.zeroBytes()),
                Sizes.rounded(totals.bytesPerSecond()));
    }
}
