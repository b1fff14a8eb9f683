package sandglass.result;

/** A metric that this executor cannot give for this scenario, and why. */
public record Unsupported(String metric, String reason) {}
