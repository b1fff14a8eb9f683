package sandglass.scenario;

import java.util.List;
import java.util.Map;

/**
 * The source of invocation times, read one by one: {@link #advance} moves to the next arrival, the other methods describe
 * it. Arrivals come in non-decreasing time. Memory use does not grow with the number of arrivals.
 */
public interface ArrivalProcess {

    /** The functions that arrive, in the order of {@link #function}'s indices. */
    List<Function> functions();

    /** Moves to the next arrival; false when there is none. */
    boolean advance();

    /** Time of the current arrival in ns since the start of the run. */
    long timeNs();

    /** Index into {@link #functions} of the current arrival. */
    int function();

    /** Service time of the current arrival in ns where the trace gives one, or -1: the function's work says. */
    long serviceNs();

    /** What a report should say about the source, by name, for example how many invocations a trace holds; asked after the last arrival. */
    default Map<String, String> facts() {
        return Map.of();
    }
}
