package io.memfuse.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes scores for people: three significant digits, and the error to as many decimals as the value. */
final class Numbers {

    private static final int SIGNIFICANT_DIGITS = 3;

    private Numbers() {}

    static String format(Score score) {
        int decimals = decimals(score.value());
        String value = rounded(score.value(), decimals);
        return score.error() == 0 ? value : value + " ± " + rounded(score.error(), decimals);
    }

    static String format(double value) {
        return rounded(value, decimals(value));
    }

    /** A number as it was written: a bound is exact. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static int decimals(double value) {
        if (value == 0) {
            return 0;
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(SIGNIFICANT_DIGITS, RoundingMode.HALF_UP));
        int magnitude = rounded.precision() - rounded.scale();
        return Math.min(SIGNIFICANT_DIGITS - 1, Math.max(0, SIGNIFICANT_DIGITS - magnitude));
    }

    private static String rounded(double value, int decimals) {
        String text = BigDecimal.valueOf(value)
                .setScale(decimals, RoundingMode.HALF_UP)
                .toPlainString();
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }
}
