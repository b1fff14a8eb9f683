package sandglass.result;

import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Phase;

/** How often one kind of switch happened in one phase, and the time it took in ns. */
public record LedgerEntry(Phase phase, ModeSwitch kind, long count, long ns) {}
