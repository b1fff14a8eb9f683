package sandglass.result;

/** A counter check that must hold for the measurements of a run to count. */
public record Guard(String name, double value, double limit, boolean ok) {}
