package sandglass.experiment.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sandglass.kvm.soak.SoakCall;
import sandglass.kvm.soak.SoakMix;
import sandglass.kvm.soak.SoakProgram;
import sandglass.kvm.usf.Outcome;
import sandglass.workload.function.EtlCase;
import sandglass.workload.function.EtlFunction;
import sandglass.workload.function.LoopbackServer;

/** The ten ETL functions as programs of a soak: small inputs from a loopback server; result and posted document are checked. */
final class EtlSoak {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CASES = 5;
    /** Inputs have this part of the usual size, and more from case to case. */
    private static final int SHARE = 200;

    private final LoopbackServer server;

    EtlSoak(LoopbackServer server) {
        this.server = server;
    }

    /** The programs; the functions are read from {@code folder}. */
    List<SoakProgram> programs(Path folder, long seed) {
        List<SoakProgram> all = new ArrayList<>();
        EtlFunction[] functions = EtlFunction.values();
        for (EtlFunction function : functions) {
            String source = read(folder.resolve(function.file()));
            List<Prepared> cases = new ArrayList<>();
            for (int i = 1; i <= CASES; i++) {
                EtlCase one = function.make(seed + i, Math.max(1, function.usualSize() / SHARE * i));
                cases.add(new Prepared(source, one, server.serve("/in/" + function.id() + "/" + i, one.input())));
            }
            all.add(new SoakProgram(function.id(), SoakProgram.Group.ETL, SoakMix.OTHERS_WEIGHT / functions.length,
                    (index, random) -> call(cases.get(random.nextInt(CASES)), index)));
        }
        return all;
    }

    private record Prepared(String source, EtlCase one, String inputUrl) {}

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private SoakCall call(Prepared prepared, long index) {
        String path = "/out/" + index;
        return new SoakCall(prepared.source, prepared.one.event(prepared.inputUrl, server.url(path)), PATIENCE,
                outcome -> wrong(prepared.one, outcome, server.take(path)));
    }

    private static Optional<String> wrong(EtlCase one, Outcome outcome, Optional<byte[]> posted) {
        try {
            if (!(outcome instanceof Outcome.Result result) || !JSON.readTree(result.json()).equals(JSON.readTree(one.resultJson()))) {
                return Optional.of("expected " + one.resultJson() + ", got " + SoakCall.excerpt(outcome));
            }
        } catch (JsonProcessingException e) {
            return Optional.of("no JSON: " + SoakCall.excerpt(outcome));
        }
        return posted.isEmpty() ? Optional.of("nothing was posted") : one.output().mismatch(posted.get());
    }
}
