package sandglass.scenario;

/**
 * The named random streams of one replication. A name always gives the same sequence for the same root seed and
 * replication, whatever else is drawn, so that the same arrivals meet every stack and policy (common random numbers).
 */
@FunctionalInterface
public interface Streams {

    /** A fresh stream positioned at the start of the sequence that {@code name} denotes. */
    Uniforms named(String name);
}
