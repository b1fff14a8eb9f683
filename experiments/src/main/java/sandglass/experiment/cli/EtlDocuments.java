package sandglass.experiment.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sandglass.workload.function.EtlFunction;

/** The ETL functions' inputs as documents of a server: {@code /etl/NAME/SEED/SIZE}, for example {@code /etl/csv_aggregate/7/2000}. */
final class EtlDocuments implements Function<String, Optional<byte[]>> {

    private static final Pattern PATH = Pattern.compile("/etl/([a-z0-9_]+)/(\\d{1,18})/([1-9]\\d{0,8})");

    private final Map<String, byte[]> made = new ConcurrentHashMap<>();

    @Override public Optional<byte[]> apply(String path) {
        Matcher match = PATH.matcher(path);
        if (!match.matches()) {
            return Optional.empty();
        }
        return Arrays.stream(EtlFunction.values()).filter(function -> function.id().equals(match.group(1))).findFirst()
                .map(function -> made.computeIfAbsent(path,
                        p -> function.make(Long.parseLong(match.group(2)), Integer.parseInt(match.group(3))).input()));
    }
}
