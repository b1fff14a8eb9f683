package sandglass.kvm.usf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.call.HostServices;

/** A host without network, in which time moves only by sleeping, and every random byte is 7. */
final class FixedHost implements HostServices {

    private long nowNs = 1_700_000_000_000_000_000L;

    @Override
    public long wallClockNs() {
        return nowNs;
    }

    @Override
    public long monotonicNs() {
        return nowNs;
    }

    @Override
    public void random(byte[] bytes) {
        Arrays.fill(bytes, (byte) 7);
    }

    @Override
    public boolean sleep(long durationNs) {
        nowNs += durationNs;
        return true;
    }

    @Override
    public Document get(String url) throws EtlException {
        throw new EtlException(Errno.EACCES, "no network");
    }

    @Override
    public void post(String url, ByteBuffer[] body) throws EtlException {
        throw new EtlException(Errno.EACCES, "no network");
    }
}
