package sandglass.workload.function;

import java.util.Locale;

/** The ten ETL functions: each a Python file of the same name with {@code def handler(event, etl)}. */
public enum EtlFunction {
    /** Sums by group of a CSV table; size in rows. */
    CSV_AGGREGATE(2_000, SalesTable::make),
    /** Filters JSON documents and gathers them by another key; size in documents. */
    JSON_RESHAPE(1_000, Orders::make),
    /** Summarises an access log; size in lines. */
    LOG_PARSE(2_000, AccessLog::make),
    /** Ranks words; size in words. */
    WORD_COUNT(20_000, Prose::make),
    /** Compresses; size in bytes. */
    GZIP_COMPRESS(200_000, Blob::makeForCompression),
    /** Scales a picture down; size is its width in pixels. */
    PPM_SCALE(150, Picture::make),
    /** Makes a manifest of digests; size in bytes. */
    BLOB_HASH(1_000_000, Blob::makeForHashing),
    /** TPC-H query 1; size in rows. */
    TPCH_Q1(3_000, TpchData::makeQ1),
    /** TPC-H query 6; size in rows. */
    TPCH_Q6(3_000, TpchData::makeQ6),
    /** Fills a page with records; size in records. */
    TEMPLATE_RENDER(500, Letters::make);

    /** Makes the case of a seed and a size. */
    interface Generator {
        EtlCase make(long seed, int size);
    }

    private final int usualSize;
    private final Generator generator;

    EtlFunction(int usualSize, Generator generator) {
        this.usualSize = usualSize;
        this.generator = generator;
    }

    /** Its name, for example {@code csv_aggregate}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Name of its file in {@code workloads/functions}. */
    public String file() {
        return id() + ".py";
    }

    /** A size that takes Python some milliseconds to some tens of them. */
    public int usualSize() {
        return usualSize;
    }

    /**
     * An input and what must come of it; the same for the same seed and size.
     *
     * @param size how much of it, in the unit stated at the constant; at least 1
     */
    public EtlCase make(long seed, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a size is at least 1, was " + size);
        }
        return generator.make(seed, size);
    }
}
