package sandglass.result;

import static sandglass.result.Metric.Better.HIGHER;
import static sandglass.result.Metric.Better.LOWER;
import static sandglass.result.Metric.Better.NEITHER;

import java.util.List;
import java.util.Optional;
import sandglass.unit.Unit;

/** The catalogue of metrics that every executor reports under the same identifiers. */
public final class Metrics {

    /** From the decision to make a sandbox until it is ready: CREATE + BOOT + INIT, one sample a cold start. */
    public static final Metric START_COLD = new Metric("start.cold", Unit.NANOSECONDS, LOWER, "Cold start");
    public static final Metric START_CREATE = new Metric("start.create", Unit.NANOSECONDS, LOWER, "Create");
    public static final Metric START_BOOT = new Metric("start.boot", Unit.NANOSECONDS, LOWER, "Boot");
    public static final Metric START_INIT = new Metric("start.init", Unit.NANOSECONDS, LOWER, "Initialise runtime");
    /** Assignment of a function to a ready sandbox: READY. */
    public static final Metric START_POOLED = new Metric("start.pooled", Unit.NANOSECONDS, LOWER, "Pooled start");
    /** From arrival until the function's code begins to run, one sample an invocation. */
    public static final Metric WAIT = new Metric("wait", Unit.NANOSECONDS, LOWER, "Waiting time");
    /** From the beginning of the function's code to its end. */
    public static final Metric SERVICE = new Metric("service", Unit.NANOSECONDS, LOWER, "Service time");
    /** From arrival to completion. */
    public static final Metric RESPONSE = new Metric("response", Unit.NANOSECONDS, LOWER, "Response time");
    public static final Metric RECYCLE = new Metric("recycle", Unit.NANOSECONDS, LOWER, "Recycle");
    /** Duration of one get, one sample a get op. */
    public static final Metric GET = new Metric("get", Unit.NANOSECONDS, LOWER, "Download time");
    public static final Metric POST = new Metric("post", Unit.NANOSECONDS, LOWER, "Upload time");
    public static final Metric INVOCATIONS = new Metric("invocations", Unit.COUNT, NEITHER, "Invocations completed");
    public static final Metric ARRIVALS = new Metric("arrivals", Unit.COUNT, NEITHER, "Invocations arrived");
    public static final Metric REJECTED = new Metric("rejected", Unit.COUNT, LOWER, "Invocations rejected");
    public static final Metric COLD_STARTS = new Metric("cold.starts", Unit.COUNT, LOWER, "Cold starts");
    /** Share of served invocations that met a cold start. */
    public static final Metric COLD_SHARE = new Metric("cold.share", Unit.RATIO, LOWER, "Cold-start share");
    /** Cold-start share of each function that was invoked, one sample a function. */
    public static final Metric COLD_SHARE_BY_FUNCTION = new Metric("cold.share.by-function", Unit.RATIO, LOWER, "Cold-start share of a function");
    public static final Metric SANDBOXES_MEAN = new Metric("sandboxes.mean", Unit.COUNT, LOWER, "Sandboxes alive, time average");
    public static final Metric SANDBOXES_MAX = new Metric("sandboxes.max", Unit.COUNT, LOWER, "Sandboxes alive, most");
    public static final Metric SANDBOXES_RUNNING = new Metric("sandboxes.running", Unit.COUNT, NEITHER, "Sandboxes running, time average");
    public static final Metric SANDBOXES_IDLE = new Metric("sandboxes.idle", Unit.COUNT, LOWER, "Sandboxes idle, time average");
    /** From creation to eviction, one sample a sandbox. */
    public static final Metric LIFESPAN = new Metric("lifespan", Unit.NANOSECONDS, NEITHER, "Sandbox lifespan");
    /** Physical memory of all sandboxes and what they share. */
    public static final Metric MEMORY_MEAN = new Metric("memory.mean", Unit.BYTES, LOWER, "Host memory, time average");
    public static final Metric MEMORY_MAX = new Metric("memory.max", Unit.BYTES, LOWER, "Host memory, most");
    /** Physical memory of all sandboxes divided by their number, at the end of the run or at its most. */
    public static final Metric MEMORY_PER_SANDBOX = new Metric("memory.per-sandbox", Unit.BYTES, LOWER, "Memory per sandbox");
    public static final Metric MEMORY_RSS = new Metric("memory.rss", Unit.BYTES, LOWER, "Resident set size of a sandbox");
    public static final Metric MEMORY_PSS = new Metric("memory.pss", Unit.BYTES, LOWER, "Proportional set size of a sandbox");
    public static final Metric MEMORY_USS = new Metric("memory.uss", Unit.BYTES, LOWER, "Unique set size of a sandbox");
    /** Physical memory that equal pages do not take since the kernel's scanner has merged them, at the end of the run; where there is one. */
    public static final Metric MEMORY_MERGED = new Metric("memory.merged", Unit.BYTES, HIGHER, "Memory saved by merging");
    public static final Metric MEMORY_MERGED_MEAN = new Metric("memory.merged-mean", Unit.BYTES, HIGHER, "Memory saved by merging, time average");
    /** Share of the host's cores in use. */
    public static final Metric CPU_BUSY = new Metric("cpu.busy", Unit.RATIO, NEITHER, "CPU in use");
    /** Core time of the whole run divided by completed invocations. */
    public static final Metric CPU_PER_INVOCATION = new Metric("cpu.per-invocation", Unit.NANOSECONDS, LOWER, "CPU per invocation");
    /** Core time that the host spent for one tenant (application): computing, I/O, starts, recycling; one sample a tenant. */
    public static final Metric CPU_BY_TENANT = new Metric("cpu.by-tenant", Unit.NANOSECONDS, NEITHER, "Host CPU of a tenant");
    /** Core time spent in mode switches. */
    public static final Metric CPU_SWITCHES = new Metric("cpu.switches", Unit.NANOSECONDS, LOWER, "CPU spent on mode switches");
    /** Core time that scanning for equal pages took. */
    public static final Metric CPU_SCANNING = new Metric("cpu.scanning", Unit.NANOSECONDS, LOWER, "CPU spent on scanning");
    /** Core time that polling took without finding a call. */
    public static final Metric CPU_POLLING = new Metric("cpu.polling", Unit.NANOSECONDS, LOWER, "CPU burnt by polling");
    public static final Metric BYTES_COPIED = new Metric("io.bytes-copied", Unit.BYTES, LOWER, "Bytes copied");
    public static final Metric THROUGHPUT = new Metric("throughput", Unit.PER_SECOND, HIGHER, "Invocations per second");
    /** Disk taken for this many functions of one runtime. */
    public static final Metric DISK_IMAGE = new Metric("disk.image", Unit.BYTES, LOWER, "Image on disk, shared and private");
    public static final Metric DISK_PRIVATE = new Metric("disk.private", Unit.BYTES, LOWER, "Image on disk per function");

    private static final List<Metric> ALL = List.of(START_COLD, START_CREATE, START_BOOT, START_INIT, START_POOLED, WAIT, SERVICE,
            RESPONSE, RECYCLE, GET, POST, INVOCATIONS, ARRIVALS, REJECTED, COLD_STARTS, COLD_SHARE, COLD_SHARE_BY_FUNCTION,
            SANDBOXES_MEAN, SANDBOXES_MAX, SANDBOXES_RUNNING, SANDBOXES_IDLE, LIFESPAN, MEMORY_MEAN, MEMORY_MAX, MEMORY_PER_SANDBOX,
            MEMORY_RSS, MEMORY_PSS, MEMORY_USS, MEMORY_MERGED, MEMORY_MERGED_MEAN, CPU_BUSY, CPU_PER_INVOCATION, CPU_BY_TENANT, CPU_SWITCHES,
            CPU_SCANNING, CPU_POLLING, BYTES_COPIED, THROUGHPUT, DISK_IMAGE, DISK_PRIVATE);

    private Metrics() {}

    /** Every metric of the catalogue. */
    public static List<Metric> all() {
        return ALL;
    }

    /** The metric with this id, if the catalogue has it. */
    public static Optional<Metric> find(String id) {
        return ALL.stream().filter(metric -> metric.id().equals(id)).findFirst();
    }
}
