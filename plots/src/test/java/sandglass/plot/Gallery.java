package sandglass.plot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sandglass.plot.FigureSpec.Scale;
import sandglass.plot.FigureSpec.Statistic;
import sandglass.result.RunResult;
import sandglass.scenario.Phase;

/** One figure of every kind over made-up results; run it to look at them. */
final class Gallery {

    private Gallery() {}

    public static void main(String[] args) {
        all().forEach((spec, results) -> System.out.println(Figures.draw(spec, results, Path.of(args[0]))));
    }

    static Map<FigureSpec, List<RunResult>> all() {
        Map<FigureSpec, List<RunResult>> figures = new LinkedHashMap<>();
        List<RunResult> starts = Synthetic.starts(Synthetic.STACKS, List.of("create", "pool"), "sim", 1);
        List<RunResult> few = Synthetic.starts(List.of("container", "vm", "usetl"), List.of("create", "pool"), "sim", 1);
        List<RunResult> both = new ArrayList<>(Synthetic.starts(Synthetic.STACKS, List.of("create"), "sim", 1.06));
        both.addAll(Synthetic.starts(Synthetic.STACKS, List.of("create"), "probe", 1));
        figures.put(new FigureSpec.Bars("wait", Statistic.MEAN, "stack", List.of("start"), Scale.LOG,
                "How long a caller waits, created on demand or pooled", Map.of()), starts);
        figures.put(new FigureSpec.Bars("start.cold", Statistic.P99, "stack", List.of(), Scale.LINEAR, "", Map.of("start", "create")), starts);
        figures.put(new FigureSpec.Bars("start.cold", Statistic.MEAN, "start", List.of("stack"), Scale.LINEAR, "", Map.of()), few);
        figures.put(new FigureSpec.Bars("start.cold", Statistic.MEAN, "stack", List.of("executor"), Scale.LOG, "", Map.of()), both);
        figures.put(new FigureSpec.Ecdf("wait", List.of("stack"), Scale.LOG, "", Map.of("start", "pool")), starts);
        figures.put(new FigureSpec.Ecdf("wait", List.of("stack", "start"), Scale.LOG, "", Map.of()), few);
        figures.put(new FigureSpec.Ecdf("start.cold", List.of("stack"), Scale.LINEAR, "", Map.of("start", "create")), few);
        figures.put(new FigureSpec.Phases("stack", List.of(Phase.CREATE, Phase.BOOT, Phase.INIT, Phase.READY), "",
                Map.of("start", "create")), starts);
        figures.put(new FigureSpec.Phases("stack", List.of(), "", Map.of()), few);
        figures.put(new FigureSpec.Curve("memory.max", Statistic.MEAN, "load.population.sandboxes", List.of("stack"), Scale.LOG, Scale.LOG, "",
                Map.of()), Synthetic.populations(List.of("container", "unikernel", "usetl")));
        figures.put(new FigureSpec.Curve("memory.max", Statistic.MEAN, "load.population.sandboxes", List.of("stack"), Scale.LINEAR,
                Scale.LINEAR, "", Map.of("policy.sharing", "none")), Synthetic.populations(Synthetic.STACKS));
        figures.put(new FigureSpec.Curve("get", Statistic.P50, "function.work.0.get", List.of("stack"), Scale.LOG, Scale.LOG, "", Map.of()),
                Synthetic.downloads(List.of("container", "vm", "unikernel", "usetl")));
        figures.put(new FigureSpec.Bars("get", Statistic.MEAN, "function.work.0.get", List.of("stack"), Scale.LOG, "", Map.of()),
                Synthetic.downloads(List.of("container", "vm", "unikernel", "usetl")));
        figures.put(new FigureSpec.SeriesFigure("memory", List.of("stack"), "", Map.of("start", "pool")), few);
        figures.put(new FigureSpec.Switches("stack", "", Map.of("start", "create")), starts);
        figures.put(new FigureSpec.Scatter("start.cold", "sim", "probe", "", Map.of()), both);
        return figures;
    }
}
