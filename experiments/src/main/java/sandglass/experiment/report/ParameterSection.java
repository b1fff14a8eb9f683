package sandglass.experiment.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sandglass.calibration.Calibration;
import sandglass.calibration.Parameter;
import sandglass.plot.Human;
import sandglass.result.ParameterUse;
import sandglass.result.RunResult;
import sandglass.unit.Distribution;
import sandglass.unit.Unit;

/** What the simulated time rests on: by stack and origin, then parameter by parameter with value and source. */
final class ParameterSection {

    private static final List<String> ORIGINS = List.of("measured", "published", "assumed");

    /** One parameter: its time by stack. */
    private record Use(String name, String origin, Map<String, Double> nsByStack) {}

    private ParameterSection() {}

    static void write(Html html, List<RunResult> results, Optional<Calibration> calibration) {
        Map<String, Use> uses = new TreeMap<>();
        Map<String, Double> totals = new LinkedHashMap<>();
        for (RunResult run : results) {
            for (ParameterUse use : run.parameters()) {
                uses.computeIfAbsent(use.name(), name -> new Use(name, use.origin(), new LinkedHashMap<>())).nsByStack()
                        .merge(run.stack(), use.ns(), Double::sum);
                totals.merge(run.stack(), use.ns(), Double::sum);
            }
        }
        if (uses.isEmpty()) {
            return;
        }
        Rows.heading(html, "parameters", "What the numbers rest on");
        html.element("p", "Share of the charged time by where its costs come from: measured on real hardware, published by others, or assumed "
                + "because nobody published them.");
        byStack(html, uses.values(), totals);
        parameters(html, uses.values(), totals, calibration);
    }

    private static void byStack(Html html, Iterable<Use> uses, Map<String, Double> totals) {
        Rows.open(html, List.of("Stack", "", "measured", "published", "assumed"), 2);
        totals.forEach((stack, total) -> {
            if (total > 0) {
                html.open("tr").element("td", stack, "class", "name").open("td", "class", "wide").open("span", "class", "track");
                Map<String, Double> shares = new LinkedHashMap<>();
                ORIGINS.forEach(origin -> shares.put(origin, 0.0));
                uses.forEach(use -> shares.merge(use.origin(), use.nsByStack().getOrDefault(stack, 0.0) / total, Double::sum));
                ORIGINS.forEach(origin -> html.open("span", "class", "fill " + origin, "style",
                        "width:" + Math.round(1000 * shares.get(origin)) / 10.0 + "%", "title", origin).close());
                html.close().close();
                ORIGINS.forEach(origin -> Rows.number(html, Human.value(shares.get(origin), Unit.RATIO)));
                html.close();
            }
        });
        Rows.close(html);
    }

    private static void parameters(Html html, Iterable<Use> uses, Map<String, Double> totals, Optional<Calibration> calibration) {
        List<Use> ordered = new ArrayList<>();
        uses.forEach(ordered::add);
        ordered.sort(Comparator.comparingDouble((Use use) -> share(use, totals)).reversed().thenComparing(Use::name));
        html.open("details", "open", "open").open("summary").element("strong", ordered.size() + " parameters")
                .text(", those that most time rests on first; the bar is the share of the stack that leans on it most").close();
        Rows.open(html, List.of("Parameter and where it comes from", "value", "origin", "share of time"), 9);
        for (Use use : ordered) {
            Optional<Parameter> parameter = calibration.map(c -> c.parameters().get(use.name()));
            html.open("tr").open("td").element("div", use.name(), "class", "name")
                    .element("div", parameter.map(p -> p.provenance().describe()).orElse(""), "class", "source").close()
                    .element("td", parameter.map(p -> describe(p.distribution(), p.unit())).orElse(""), "class", "value")
                    .open("td").element("span", use.origin(), "class", "chip " + use.origin()).close();
            double share = share(use, totals);
            Rows.share(html, share, use.origin(), share == 0 ? "none" : Human.value(share, Unit.RATIO) + " of " + leaning(use, totals));
            html.close();
        }
        Rows.close(html);
        html.close();
    }

    private static double share(Use use, Map<String, Double> totals) {
        return use.nsByStack().entrySet().stream().mapToDouble(e -> share(e, totals)).max().orElse(0);
    }

    private static double share(Map.Entry<String, Double> use, Map<String, Double> totals) {
        double total = totals.get(use.getKey());
        return total == 0 ? 0 : use.getValue() / total;
    }

    private static String leaning(Use use, Map<String, Double> totals) {
        return use.nsByStack().entrySet().stream().max(Comparator.comparingDouble(e -> share(e, totals))).orElseThrow().getKey();
    }

    /** A distribution in a few words. */
    static String describe(Distribution distribution, Unit unit) {
        if (distribution instanceof Distribution.Constant constant) {
            return Human.value(constant.value(), unit);
        } else if (distribution instanceof Distribution.LogNormal) {
            return "median " + Human.value(distribution.quantile(0.5), unit) + ", p99 " + Human.value(distribution.quantile(0.99), unit)
                    + ", log-normal";
        } else if (distribution instanceof Distribution.Exponential) {
            return "mean " + Human.value(distribution.mean(), unit) + ", exponential";
        } else if (distribution instanceof Distribution.Weibull weibull) {
            return "mean " + Human.value(distribution.mean(), unit) + ", Weibull of shape " + Human.digits(weibull.shape(), 3);
        } else if (distribution instanceof Distribution.Uniform uniform) {
            return Human.interval(uniform.low(), uniform.high(), unit) + ", uniform";
        }
        return "median " + Human.value(distribution.quantile(0.5), unit) + ", p99 " + Human.value(distribution.quantile(0.99), unit)
                + ", from quantiles";
    }
}
