package sandglass.workload.arrival;

import java.util.List;
import java.util.Map;
import sandglass.scenario.ArrivalProcess;
import sandglass.scenario.Function;
import sandglass.workload.trace.EventLog;

/** Replays a trace of single events with their own durations: nothing is random. */
final class EventReplay implements ArrivalProcess {

    private final ReplayPlan plan;
    private final EventLog events;
    private final ReplayClock clock;
    private final int end;
    private int next;
    private int current;
    private int function;

    EventReplay(ReplayPlan plan, EventLog events) {
        this.plan = plan;
        this.events = events;
        this.clock = new ReplayClock(plan);
        this.next = events.firstAtOrAfter(plan.fromMinute() * MinutePlacement.MINUTE_NS);
        this.end = events.firstAtOrAfter(plan.toMinute() * MinutePlacement.MINUTE_NS);
    }

    @Override
    public List<Function> functions() {
        return plan.functions();
    }

    @Override
    public boolean advance() {
        while (next < end) {
            current = next++;
            function = plan.index(events.row(current));
            if (function >= 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public long timeNs() {
        return clock.runNs(events.startNs(current));
    }

    @Override
    public int function() {
        return function;
    }

    @Override
    public long serviceNs() {
        return events.durationNs(current);
    }

    @Override
    public Map<String, String> facts() {
        return plan.coverage().facts();
    }
}
