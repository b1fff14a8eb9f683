package sandglass.kvm.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.sys.NetlinkSocket;
import sandglass.kvm.sys.SystemCallException;

/**
 * Writes requests to the kernel's routing part (rtnetlink(7), linux/rtnetlink.h), any number in one datagram, and reads its answers. Each
 * request is acknowledged.
 */
final class RouteMessages {

    static final short NEW_LINK = 16;
    static final short DELETE_LINK = 17;
    static final short GET_LINK = 18;
    static final short NEW_ADDRESS = 20;
    static final short NEW_NEIGHBOUR = 28;

    private static final short ERROR = 2;
    private static final short REQUEST_AND_ACKNOWLEDGE = 1 | 4;
    private static final short EXCLUSIVE_CREATE = 0x200 | 0x400;
    private static final int HEADER_BYTES = 16;
    private static final int ALIGNMENT = 4;
    private static final int NESTED = 0x8000;

    private final ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
    private final StringBuilder names = new StringBuilder();
    private int start;
    private int count;

    /** Begins a request that makes something new. */
    RouteMessages create(short type, String name) {
        return begin(type, (short) (REQUEST_AND_ACKNOWLEDGE | EXCLUSIVE_CREATE), name);
    }

    /** Begins a request that asks about, or changes, something that exists. */
    RouteMessages request(short type, String name) {
        return begin(type, REQUEST_AND_ACKNOWLEDGE, name);
    }

    private RouteMessages begin(short type, short flags, String name) {
        start = out.position();
        names.append(names.isEmpty() ? "" : ", ").append(name);
        out.putInt(0).putShort(type).putShort(flags).putInt(++count).putInt(0);
        return this;
    }

    /** Ends the request. */
    RouteMessages end() {
        out.putInt(start, out.position() - start);
        return this;
    }

    /** struct ifinfomsg: a device's number, and flags of which those in the mask count. */
    RouteMessages link(int index, int flags, int mask) {
        out.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(index).putInt(flags).putInt(mask);
        return this;
    }

    /** struct ifaddrmsg: an IPv4 address of a device, valid everywhere. */
    RouteMessages address(int index, int prefixLength) {
        out.put((byte) 2).put((byte) prefixLength).put((byte) 0).put((byte) 0).putInt(index);
        return this;
    }

    /** struct ndmsg: where an IPv4 neighbour is, for ever. */
    RouteMessages neighbour(int index) {
        out.put((byte) 2).put((byte) 0).putShort((short) 0).putInt(index).putShort((short) 0x80).put((byte) 0).put((byte) 1);
        return this;
    }

    RouteMessages attribute(int type, byte[] value) {
        out.putShort((short) (ALIGNMENT + value.length)).putShort((short) type).put(value);
        while (out.position() % ALIGNMENT != 0) {
            out.put((byte) 0);
        }
        return this;
    }

    RouteMessages attribute(int type, int value) {
        out.putShort((short) (2 * ALIGNMENT)).putShort((short) type).putInt(value);
        return this;
    }

    /** With the zero at its end. */
    RouteMessages attribute(int type, String text) {
        return attribute(type, (text + '\0').getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Begins an attribute that contains others.
     *
     * @return what {@link #close} wants
     */
    int open(int type) {
        int at = out.position();
        out.putShort((short) 0).putShort((short) (type | NESTED));
        return at;
    }

    RouteMessages close(int opened) {
        out.putShort(opened, (short) (out.position() - opened));
        return this;
    }

    /** What the kernel answers beside its acknowledgements. */
    @FunctionalInterface
    interface Answer {
        /** The body of a message, from the structure that follows the header on. */
        void message(short type, ByteBuffer body);
    }

    /**
     * Sends all requests and waits for their acknowledgements.
     *
     * @throws SystemCallException with the first refusal
     */
    void send(NetlinkSocket socket, Answer answer) {
        socket.send(out.flip());
        SystemCallException refused = null;
        int open = count;
        while (open > 0) {
            ByteBuffer in = socket.receive();
            while (in.remaining() >= HEADER_BYTES) {
                int at = in.position();
                int length = in.getInt(at);
                short type = in.getShort(at + Integer.BYTES);
                ByteBuffer body = in.slice(at + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder());
                if (type == ERROR) {
                    open--;
                    int error = -body.getInt(0);
                    if (error != 0 && refused == null) {
                        refused = new SystemCallException("rtnetlink " + names, error, "request " + in.getInt(at + 8) + " of " + count);
                    }
                } else {
                    answer.message(type, body);
                }
                in.position(Math.min(in.limit(), at + (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT));
            }
        }
        if (refused != null) {
            throw refused;
        }
    }

    void send(NetlinkSocket socket) {
        send(socket, (type, body) -> {
            throw new SystemCallException("rtnetlink " + names, Errno.EINVAL, "unexpected answer of type " + type);
        });
    }
}
