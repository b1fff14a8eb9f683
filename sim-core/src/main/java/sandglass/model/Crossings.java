package sandglass.model;

import java.util.List;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;
import sandglass.scenario.Uniforms;

/** The mode switches of a step, hop or op: counted and timed in the ledger, spent on a core. */
record Crossings(Place place, Phase phase, Repetitions repetitions, List<Kind> kinds, Books books) implements Stage {

    /** One kind of switch: how often in one repetition, and what one costs. */
    record Kind(ModeSwitch kind, long each, Cost cost, Uniforms uniforms) {}

    @Override public long demandNs(Walk walk) {
        long n = repetitions.wholeOf(walk);
        if (n == 0) {
            return 0;
        }
        long sum = 0;
        for (int i = 0; i < kinds.size(); i++) {
            Kind kind = kinds.get(i);
            long count = n * kind.each;
            long ns = kind.cost.draw(count, kind.uniforms);
            if (books.counts(phase, walk)) {
                books.ledger().add(phase, kind.kind, count, ns);
            }
            sum += ns;
        }
        books.core(walk.tenant(), sum);
        return sum;
    }
}
