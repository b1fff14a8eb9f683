package sandglass.des;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import umontreal.ssj.simevents.Event;
import umontreal.ssj.simevents.Simulator;
import umontreal.ssj.simevents.eventlist.EventList;
import umontreal.ssj.simevents.eventlist.SplayTree;

class QuaternaryEventListTest {

    /** Makes the same random decisions for the same log, so two lists agree as long as their orders do. */
    private static final class Script {

        private final Simulator simulator;
        private final SplittableRandom random;
        private final List<Step> steps = new ArrayList<>();
        private final List<String> log = new ArrayList<>();
        private final int limit;
        private final boolean priorities;

        Script(EventList list, long seed, int events, int limit, boolean priorities) {
            simulator = new Simulator(list);
            random = new SplittableRandom(seed);
            this.limit = limit;
            this.priorities = priorities;
            for (int i = 0; i < events; i++) {
                steps.add(new Step(i));
            }
        }

        List<String> run() {
            for (Step step : steps) {
                step.schedule(random.nextInt(20));
            }
            simulator.start();
            return log;
        }

        private final class Step extends Event {

            private final int id;

            Step(int id) {
                super(simulator);
                this.id = id;
            }

            @Override
            public void actions() {
                log.add(sim.time() + " " + id);
                if (log.size() >= limit) {
                    sim.stop();
                    return;
                }
                for (int change = random.nextInt(5); change > 0; change--) {
                    disturb(steps.get(random.nextInt(steps.size())));
                }
                if (!(time() > -1)) {
                    schedule(random.nextInt(20));
                }
            }
        }

        private void disturb(Step step) {
            boolean pending = step.time() > -1;
            int choice = random.nextInt(10);
            if (!pending) {
                if (priorities) {
                    step.setPriority(random.nextInt(3));
                }
                step.schedule(random.nextInt(20));
            } else if (choice < 3) {
                log.add("cancel " + step.id + " " + step.cancel());
            } else if (choice < 6) {
                step.reschedule(random.nextInt(20));
            } else if (choice == 6) {
                log.add("first " + ((Step) simulator.getEventList().getFirst()).id);
            }
        }
    }

    private static List<String> log(EventList list, long seed, int events, boolean priorities) {
        return new Script(list, seed, events, 4000, priorities).run();
    }

    // Oracle: SSJ's SplayTree, on random schedules where most times tie, with cancelled and moved events.
    @Test
    void runsEventsInTheOrderOfSplayTree() {
        for (long seed = 0; seed < 60; seed++) {
            int events = 1 + (int) (seed * seed % 300);
            assertThat(log(new QuaternaryEventList(), seed, events, false)).as("seed %d", seed)
                .isEqualTo(log(new SplayTree(), seed, events, false));
        }
    }

    // Oracle: SSJ's SplayTree, the same with three priorities.
    @Test
    void ranksTiesByPriorityAsSplayTreeDoes() {
        for (long seed = 0; seed < 60; seed++) {
            int events = 1 + (int) (seed * seed % 300);
            assertThat(log(new QuaternaryEventList(), seed, events, true)).as("seed %d", seed)
                .isEqualTo(log(new SplayTree(), seed, events, true));
        }
    }

    // Oracle: SSJ's SplayTree, across the exhaustion of sequence numbers.
    @Test
    void keepsTheOrderWhenSequenceNumbersRunOut() {
        long nearlyOut = (1L << 39) - 1500;
        for (long seed = 0; seed < 10; seed++) {
            assertThat(log(new QuaternaryEventList(nearlyOut), seed, 100, true)).as("seed %d", seed)
                .isEqualTo(log(new SplayTree(), seed, 100, true));
        }
    }

    // Oracle: removing and adding again, on random schedules with ties, where one list only moves.
    @Test
    void movesEventsToWhereAddingThemAgainWouldPutThem() {
        for (long seed = 0; seed < 40; seed++) {
            assertThat(moving(true, seed)).as("seed %d", seed).isEqualTo(moving(false, seed));
        }
    }

    private static List<Integer> moving(boolean inPlace, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        QuaternaryEventList list = new QuaternaryEventList();
        List<Integer> log = new ArrayList<>();
        List<Movable> pending = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            Movable ev = new Movable(new Simulator(list), i);
            ev.setPriority(random.nextInt(2));
            ev.setTimeEvenIfPending(random.nextInt(15));
            list.add(ev);
            pending.add(ev);
        }
        while (!pending.isEmpty()) {
            Movable first = (Movable) list.removeFirst();
            pending.remove(first);
            log.add(first.id);
            for (int moves = pending.isEmpty() ? 0 : random.nextInt(4); moves > 0; moves--) {
                Movable ev = pending.get(random.nextInt(pending.size()));
                double time = first.time() + random.nextInt(15);
                if (inPlace) {
                    ev.setTimeEvenIfPending(time);
                    list.moved(ev);
                } else {
                    list.remove(ev);
                    ev.setTimeEvenIfPending(time);
                    list.add(ev);
                }
            }
        }
        return log;
    }

    private static final class Movable extends Event {

        private final int id;

        Movable(Simulator simulator, int id) {
            super(simulator);
            this.id = id;
        }

        void setTimeEvenIfPending(double time) {
            eventTime = time;
        }

        @Override
        public void actions() {
            throw new AssertionError("this test runs no actions");
        }
    }

    // Oracle: SSJ's SplayTree, for the three positional ways of scheduling.
    @Test
    void placesEventsBesideOthersAsSplayTreeDoes() {
        for (long seed = 0; seed < 40; seed++) {
            assertThat(beside(new QuaternaryEventList(), seed)).as("seed %d", seed)
                .isEqualTo(beside(new SplayTree(), seed));
        }
    }

    private static List<Integer> beside(EventList list, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Simulator sim = new Simulator(list);
        List<Integer> log = new ArrayList<>();
        List<Event> scheduled = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int id = i;
            Event ev = new Event(sim) {
                @Override
                public void actions() {
                    log.add(id);
                }
            };
            switch (i == 0 ? 0 : random.nextInt(4)) {
                case 0 -> ev.schedule(random.nextInt(4));
                case 1 -> ev.scheduleNext();
                case 2 -> ev.scheduleBefore(scheduled.get(random.nextInt(i)));
                default -> ev.scheduleAfter(scheduled.get(random.nextInt(i)));
            }
            scheduled.add(ev);
        }
        List<Integer> listed = new ArrayList<>();
        list.forEach(ev -> listed.add(scheduled.indexOf(ev)));
        sim.start();
        assertThat(listed).isEqualTo(log);
        return log;
    }

    // Oracle: the contract of EventList.
    @Test
    void answersForEventsThatAreNotPending() {
        QuaternaryEventList list = new QuaternaryEventList();
        Simulator sim = new Simulator(list);
        Script script = new Script(new QuaternaryEventList(), 1, 2, 1, false);
        Event stranger = script.steps.get(0);
        Event other = script.steps.get(1);

        assertThat(list.removeFirst()).isNull();
        assertThat(list.getFirst()).isNull();
        assertThat(list.remove(stranger)).isFalse();
        assertThatThrownBy(() -> list.addBefore(stranger, other)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> list.moved(stranger)).isInstanceOf(IllegalArgumentException.class);

        stranger.setSimulator(sim);
        stranger.schedule(3);
        assertThat(list.getFirstOfClass(Script.Step.class)).isSameAs(stranger);
        assertThat(list.getFirstOfClass(Script.Step.class.getName())).isSameAs(stranger);
        assertThat(list.toString()).startsWith("Contents of the event list QuaternaryEventList:").contains("3");
        assertThat(list.removeFirst()).isSameAs(stranger);
        assertThat(list.remove(stranger)).isFalse();
        assertThat(list.isEmpty()).isTrue();
        list.clear();
        assertThat(list.size()).isZero();
    }
}
