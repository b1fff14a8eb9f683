package sandglass.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sandglass.scenario.Function;

/** The tenants of a run: each application is one, numbered from 0. */
final class Tenants {

    private final Map<String, Integer> byApp = new HashMap<>();
    private final int[] byFunction;

    Tenants(List<Function> functions) {
        byFunction = new int[functions.size()];
        for (int i = 0; i < byFunction.length; i++) {
            Integer number = byApp.putIfAbsent(functions.get(i).app(), byApp.size());
            byFunction[i] = number == null ? byApp.size() - 1 : number;
        }
    }

    int count() {
        return byApp.size();
    }

    int of(int function) {
        return byFunction[function];
    }

    int of(Function function) {
        return byApp.get(function.app());
    }
}
