package sandglass.kvm.usf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import sandglass.kvm.usf.call.GuestProcess;
import sandglass.kvm.usf.file.PythonImage;

/**
 * What a pool of unikernels is made of and what its functions may do.
 *
 * @param interpreter      the host's Python
 * @param ramBytes         memory of each unikernel; a function that wants more gets a MemoryError
 * @param timeLimit        how long one invocation may take
 * @param allowedHosts     where functions may GET from and POST to: {@code host} or {@code host:port}
 * @param maxDocumentBytes largest document that GET accepts
 * @param maxAnswerBytes   largest result of a function
 * @param maxLogBytes      how much a function may print before it is ended
 * @param copyBackPages    recycling copies up to this many written pages back and drops those beyond, outside the usual
 *                         write set: copying is fast, dropping frees memory
 * @param population       what of a clone's memory is made present at once
 * @param maxFiles         most files of its own that a function may have
 * @param maxDescriptors   most open descriptors, with those of the runner
 */
public record UsfConfig(Path interpreter, long ramBytes, Duration timeLimit, Set<String> allowedHosts,
        long maxDocumentBytes, long maxAnswerBytes, long maxLogBytes, int copyBackPages, Population population,
        int maxFiles, int maxDescriptors) {

    /** What is made present in a new clone. */
    public enum Population {
        /** The pages that every invocation writes: a slower clone, a faster first invocation, also with hundreds of clones in a process. */
        WRITE_SET,
        /**
         * Besides, in guests of 48 MiB and more, up to {@link #MOST_LARGE_PAGES} large pages of its own where an invocation touches most, until
         * it is recycled: a first invocation with a third of the faults, for 2 MiB each. The first recycling gives them back and runs a trivial
         * function, which pays for the small pages. For unikernels that somebody waits for, not for pools.
         */
        LARGE_PAGES,
        /** Nothing. */
        NONE
    }

    /** How many large pages a clone may have of its own. */
    public static final int MOST_LARGE_PAGES = 4;

    /** The usual number of files and descriptors. */
    public UsfConfig(Path interpreter, long ramBytes, Duration timeLimit, Set<String> allowedHosts, long maxDocumentBytes,
            long maxAnswerBytes, long maxLogBytes, int copyBackPages, Population population) {
        this(interpreter, ramBytes, timeLimit, allowedHosts, maxDocumentBytes, maxAnswerBytes, maxLogBytes, copyBackPages, population,
                GuestProcess.Limits.DEFAULT_FILES, GuestProcess.Limits.DEFAULT_DESCRIPTORS);
    }

    /** 64 MiB, 10 s, no network, 1 GiB documents, 16 MiB results, 16 MiB output, 1024 pages, populated. */
    public static UsfConfig defaults() {
        return new UsfConfig(PythonImage.DEFAULT_INTERPRETER, 64L << 20, Duration.ofSeconds(10), Set.of(), 1L << 30,
                16L << 20, 16L << 20, 1024, Population.WRITE_SET);
    }

    /** The same with another size of memory. */
    public UsfConfig withRamBytes(long bytes) {
        return new UsfConfig(interpreter, bytes, timeLimit, allowedHosts, maxDocumentBytes, maxAnswerBytes, maxLogBytes,
                copyBackPages, population, maxFiles, maxDescriptors);
    }

    /** The same with another time limit. */
    public UsfConfig withTimeLimit(Duration limit) {
        return new UsfConfig(interpreter, ramBytes, limit, allowedHosts, maxDocumentBytes, maxAnswerBytes, maxLogBytes,
                copyBackPages, population, maxFiles, maxDescriptors);
    }

    /** The same with other hosts allowed. */
    public UsfConfig withAllowedHosts(Set<String> hosts) {
        return new UsfConfig(interpreter, ramBytes, timeLimit, Set.copyOf(hosts), maxDocumentBytes, maxAnswerBytes,
                maxLogBytes, copyBackPages, population, maxFiles, maxDescriptors);
    }

    /** The same with another largest document. */
    public UsfConfig withMaxDocumentBytes(long bytes) {
        return new UsfConfig(interpreter, ramBytes, timeLimit, allowedHosts, bytes, maxAnswerBytes, maxLogBytes,
                copyBackPages, population, maxFiles, maxDescriptors);
    }

    /** The same with another threshold between copying and dropping. */
    public UsfConfig withCopyBackPages(int pages) {
        return new UsfConfig(interpreter, ramBytes, timeLimit, allowedHosts, maxDocumentBytes, maxAnswerBytes,
                maxLogBytes, pages, population, maxFiles, maxDescriptors);
    }

    /** The same with another population. */
    public UsfConfig withPopulation(Population when) {
        return new UsfConfig(interpreter, ramBytes, timeLimit, allowedHosts, maxDocumentBytes, maxAnswerBytes,
                maxLogBytes, copyBackPages, when, maxFiles, maxDescriptors);
    }

    /** The same with other limits on files. */
    public UsfConfig withFileLimits(int files, int descriptors) {
        return new UsfConfig(interpreter, ramBytes, timeLimit, allowedHosts, maxDocumentBytes, maxAnswerBytes,
                maxLogBytes, copyBackPages, population, files, descriptors);
    }
}
