package sandglass.workload.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Oracle throughout: the place at which the fixture was spoilt. */
class Azure2019ProblemsTest {

    @TempDir
    private Path directory;

    private static TraceException failure(Path path, int day) {
        TraceException failure = catchThrowableOfType(TraceException.class, () ->
                TraceFormat.AZURE_2019.read(path, day));
        assertThat(failure).as("a failure to read").isNotNull();
        return failure;
    }

    private String message(Azure2019Fixture fixture) throws IOException {
        return failure(fixture.write(directory), 0).getMessage().replace(directory + "/", "");
    }

    @Test
    void namesFileLineAndColumnOfAWrongNumber() throws IOException {
        assertThat(message(new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 3, "o1,a1,f2,timer,0,many,-1,5")
                .line(Azure2019Fixture.DURATIONS, 4, "o2,a2,f3,0x10,12,1,9000,1,1,500,NaN,2500,8000,9000")))
                .isEqualTo("""
                function_durations_percentiles.anon.d01.csv:4: column 'Average': found '0x10', expected a number of milliseconds
                function_durations_percentiles.anon.d01.csv:4: column 'percentile_Average_50': found 'NaN', expected a number of milliseconds
                invocations_per_function_md.anon.d01.csv:3: column '2': found 'many', expected a number of invocations between 0 and 100000000
                invocations_per_function_md.anon.d01.csv:3: column '3': found '-1', expected a number of invocations between 0 and 100000000""");
    }

    @Test
    void namesATruncatedLine() throws IOException {
        assertThat(message(new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 4, "o2,a2,f3,queue,3,3")))
                .isEqualTo("invocations_per_function_md.anon.d01.csv:4: found 6 fields, expected 8 fields, as in the header");
    }

    @Test
    void namesEveryMissingColumn() throws IOException {
        assertThat(message(new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 1,
                "HashOwner,App,Function,Trigger,1,2,3,4")
                .line(Azure2019Fixture.MEMORY, 1, "HashOwner,HashApp,SampleCount,Mb")))
                .isEqualTo("""
                app_memory_percentiles.anon.d01.csv:1: column 'AverageAllocatedMb': found no such column, expected a column of this name
                invocations_per_function_md.anon.d01.csv:1: column 'HashApp': found no such column, expected a column of this name
                invocations_per_function_md.anon.d01.csv:1: column 'HashFunction': found no such column, expected a column of this name""");
    }

    @Test
    void namesAnUnclosedQuote() throws IOException {
        assertThat(message(new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 3, "o1,a1,\"f2,timer,0,0,0,5")))
                .startsWith("invocations_per_function_md.anon.d01.csv:3: found 3 fields");
    }

    @Test
    void namesAnEmptyFileAndOneWithoutMinutes() throws IOException {
        new Azure2019Fixture().line(Azure2019Fixture.INVOCATIONS, 1, "HashOwner,HashApp,HashFunction,Trigger,a,b,c,d")
                .write(directory);
        Files.writeString(directory.resolve(Azure2019Fixture.DURATIONS), "");
        assertThat(failure(directory, 0).problems()).extracting(TraceProblem::found)
                .containsExactly("no line", "no column of a minute");
    }

    @Test
    void listsTwentyProblemsAndCountsTheRest() throws IOException {
        Azure2019Fixture fixture = new Azure2019Fixture();
        for (int i = 0; i < 30; i++) {
            fixture.append(Azure2019Fixture.MEMORY, "o,a" + i + ",1,x");
        }
        TraceException failure = failure(fixture.write(directory), 0);
        assertThat(failure.problems()).hasSize(20);
        assertThat(failure.getMessage()).endsWith("\nand 10 more");
    }

    @Test
    void saysWhichFilesWereExpected() throws IOException {
        assertThat(failure(directory.resolve("nowhere"), 0).getMessage())
                .contains("nowhere: found no such file or directory");
        assertThat(failure(directory, 0).getMessage()).contains("found no file of invocations")
                .contains("invocations.csv");
        new Azure2019Fixture().remove(Azure2019Fixture.DURATIONS).write(directory);
        assertThat(failure(directory, 0).getMessage()).contains("no file of durations beside it");
        assertThat(failure(directory, 5).getMessage()).contains("expected day d05 among them");
        new Azure2019Fixture().rename(Azure2019Fixture.INVOCATIONS, "invocations.csv").write(directory);
        assertThat(failure(directory, 0).getMessage()).contains("several days or samples").contains("trace.day");
    }
}
