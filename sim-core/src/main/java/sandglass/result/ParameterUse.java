package sandglass.result;

/**
 * How much of a run's simulated time one calibration parameter accounts for.
 *
 * @param origin {@code measured}, {@code published} or {@code assumed}
 * @param ns total time charged through it; sizes and ratios are listed with zero
 */
public record ParameterUse(String name, String origin, double ns) {}
