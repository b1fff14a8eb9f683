package sandglass.workload.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes small Azure 2019 traces: three functions, two apps, minutes 1..4, unless told otherwise. */
public final class Azure2019Fixture {

    public static final String INVOCATIONS = "invocations_per_function_md.anon.d01.csv";
    public static final String DURATIONS = "function_durations_percentiles.anon.d01.csv";
    public static final String MEMORY = "app_memory_percentiles.anon.d01.csv";
    public static final String DURATION_HEADER = "HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,"
            + "percentile_Average_1,percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,"
            + "percentile_Average_100";

    private final Map<String, List<String>> files = new TreeMap<>();

    public Azure2019Fixture() {
        lines(INVOCATIONS, "HashOwner,HashApp,HashFunction,Trigger,1,2,3,4", "o1,a1,f1,http,1,0,2,0",
                "o1,a1,f2,timer,0,0,0,5",
                "o2,a2,f3,queue,3,3,3,3");
        lines(DURATIONS, DURATION_HEADER, "o1,a1,f1,100,3,10,300,10,20,50,90,120,250,300",
                "o1,a1,f2,7,5,7,7,7,7,7,7,7,7,7",
                "o2,a2,f3,2000,12,1,9000,1,1,500,1500,2500,8000,9000");
        lines(MEMORY, "HashOwner,HashApp,SampleCount,AverageAllocatedMb", "o1,a1,10,100", "o2,a2,10,64");
    }

    /** Replaces a file's lines. */
    public Azure2019Fixture lines(String file, String... lines) {
        files.put(file, new ArrayList<>(List.of(lines)));
        return this;
    }

    /** Replaces one line, counted from 1. */
    public Azure2019Fixture line(String file, int line, String text) {
        files.get(file).set(line - 1, text);
        return this;
    }

    public Azure2019Fixture append(String file, String text) {
        files.get(file).add(text);
        return this;
    }

    public Azure2019Fixture rename(String file, String to) {
        files.put(to, files.remove(file));
        return this;
    }

    public Azure2019Fixture remove(String file) {
        files.remove(file);
        return this;
    }

    public Path write(Path directory) throws IOException {
        return write(directory, "\n");
    }

    public Path write(Path directory, String lineEnd) throws IOException {
        for (Map.Entry<String, List<String>> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), String.join(lineEnd, file.getValue()) + lineEnd);
        }
        return directory;
    }
}
