package sandglass.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import sandglass.scenario.Streams;
import sandglass.scenario.Uniforms;
import umontreal.ssj.rng.MRG32k3aL;

/**
 * Named MRG32k3a streams (L'Ecuyer, Operations Research 47(1), 1999) for one replication of one experiment.
 *
 * <p>A stream starts at the state that SHA-256 of (root seed, replication, name) denotes, so it depends on nothing
 * else: not on what was created before, nor on the thread. Starting states are thus random points on a cycle of length
 * 2^191: s streams of length l overlap with a probability of about s^2 l / 2^191, less than 2^-90 for a million streams
 * of 2^60 draws.
 *
 * <p>Safe for use by several threads; each stream belongs to one.
 */
public final class SsjStreams implements Streams {

    private static final long M1 = 4294967087L;
    private static final long M2 = 4294944443L;
    private static final int SEED_BYTES = 5;

    /**
     * Copied for each stream and never drawn from. SSJ's constructor advances a static seed without a lock; this one
     * call is guarded by class initialization, and copies touch no static.
     */
    private static final MRG32k3aL PROTOTYPE = new MRG32k3aL();

    private final long rootSeed;
    private final int replication;

    /**
     * @param rootSeed the seed of the experiment, any number
     * @param replication the number of the replication, from 0
     */
    public SsjStreams(long rootSeed, int replication) {
        if (replication < 0) {
            throw new IllegalArgumentException("a replication number must not be negative: " + replication);
        }
        this.rootSeed = rootSeed;
        this.replication = replication;
    }

    @Override
    public Uniforms named(String name) {
        MRG32k3aL stream = PROTOTYPE.clone();
        stream.setSeed(seed(name));
        return stream::nextDouble;
    }

    /** Six numbers from 40 bits each: three below M1, three below M2, neither triple all zero. */
    private long[] seed(String name) {
        ByteBuffer digest = digest(name);
        long[] seed = new long[6];
        for (int i = 0; i < seed.length; i++) {
            long bits = 0;
            for (int b = 0; b < SEED_BYTES; b++) {
                bits = bits << 8 | digest.get() & 0xff;
            }
            seed[i] = bits % (i < 3 ? M1 : M2);
        }
        for (int i = 0; i < seed.length; i += 3) {
            if ((seed[i] | seed[i + 1] | seed[i + 2]) == 0) {
                seed[i] = 1;
            }
        }
        return seed;
    }

    private ByteBuffer digest(String name) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(rootSeed).putInt(replication).flip());
            return ByteBuffer.wrap(sha.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which every one must have", e);
        }
    }
}
