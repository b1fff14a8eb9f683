package sandglass.kvm.atom;

import static sandglass.unit.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sandglass.kvm.atom.Atom.Seconds;
import sandglass.result.Clock;
import sandglass.run.UnsupportedHereException;

/** The host's disk and network, as a Python process uses them. */
final class HostIo {

    /** Blocks at random places of a file; the kernel says in /proc/self/io what reached the device. */
    private static final String DISK = """
            import mmap, os, random, time
            SIZE, BLOCK = 64 << 20, 128 << 10
            def transferred():
                with open('/proc/self/io') as file:
                    values = dict(line.split(': ') for line in file)
                return int(values['read_bytes']), int(values['write_bytes'])
            def timed(fd, blocks, write, buffer):
                out = []
                for _ in range(blocks):
                    at = random.randrange(SIZE // BLOCK) * BLOCK
                    start = time.perf_counter_ns()
                    done = os.pwritev(fd, [buffer], at) if write else os.preadv(fd, [buffer], at)
                    out.append(time.perf_counter_ns() - start)
                    assert done == BLOCK
                return out
            def handler(event, etl):
                path, blocks = event['folder'] + '/atom-disk', event['blocks']
                buffer = mmap.mmap(-1, BLOCK)
                buffer.write(os.urandom(BLOCK))
                out = []
                try:
                    with open(path, 'wb') as file:
                        for _ in range(SIZE // BLOCK):
                            file.write(buffer)
                        os.fsync(file.fileno())
                    for flags in (os.O_DIRECT, 0):
                        fd = os.open(path, os.O_RDWR | flags)
                        if not flags:
                            while os.read(fd, 1 << 20):
                                pass
                        before = transferred()
                        out += timed(fd, blocks, False, buffer)
                        middle = transferred()
                        out += timed(fd, blocks, True, buffer)
                        after = transferred()
                        out += [middle[0] - before[0], after[1] - middle[1]]
                        os.close(fd)
                finally:
                    if os.path.exists(path):
                        os.remove(path)
                return out
            """;
    private static final int BLOCK_BYTES = 128 << 10;
    private static final int BLOCKS = 400;

    /** A connection for one byte each way, and datagrams to a socket of the same process. */
    private static final String LOOPBACK = """
            import os, socket, time
            def handler(event, etl):
                server = socket.socket()
                server.bind(('127.0.0.1', 0))
                server.listen(64)
                child = os.fork()
                if child == 0:
                    try:
                        for _ in range(event['rounds']):
                            peer = server.accept()[0]
                            peer.sendall(peer.recv(64))
                            peer.close()
                    finally:
                        os._exit(0)
                trips, packets = [], []
                try:
                    for _ in range(event['rounds']):
                        start = time.perf_counter_ns()
                        peer = socket.create_connection(server.getsockname())
                        peer.sendall(b'x')
                        assert peer.recv(64) == b'x'
                        peer.close()
                        trips.append(time.perf_counter_ns() - start)
                finally:
                    os.waitpid(child, 0)
                    server.close()
                one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                one.bind(('127.0.0.1', 0))
                data, to = b'x' * 1400, one.getsockname()
                for _ in range(event['rounds']):
                    start = time.perf_counter_ns()
                    for _ in range(20):
                        one.sendto(data, to)
                        one.recv(2048)
                    packets.append((time.perf_counter_ns() - start) / 20)
                one.close()
                return trips + packets
            """;
    private static final int ROUNDS = 400;

    /** A tap device in a network namespace of its own, which ends with the process. */
    private static final String TAP = """
            import ctypes, fcntl, os, socket, struct, time
            TUNSETIFF, IFF_TAP, IFF_NO_PI, NEWNET = 0x400454CA, 2, 0x1000, 0x40000000
            def measure(rounds):
                if ctypes.CDLL(None, use_errno=True).unshare(NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), 'unshare')
                control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                created, sent, received, fds = [], [], [], []
                for i in range(20):
                    start = time.perf_counter_ns()
                    fd = os.open('/dev/net/tun', os.O_RDWR)
                    name = b'tap%d' % i
                    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH22x', name, IFF_TAP | IFF_NO_PI))
                    fcntl.ioctl(control, 0x8914, struct.pack('16sH22x', name, 1))
                    created.append(time.perf_counter_ns() - start)
                    fds.append(fd)
                name, tap = b'tap0', fds[0]
                def address(text):
                    return struct.pack('16sHH4s8x', name, socket.AF_INET, 0, socket.inet_aton(text))
                fcntl.ioctl(control, 0x8916, address('10.9.0.1'))
                fcntl.ioctl(control, 0x891C, address('255.255.255.0'))
                mac = fcntl.ioctl(control, 0x8927, struct.pack('16s16x', name))[18:24]
                def arp():
                    return struct.pack('6s6sHHHBBH6s4s6s4s', mac, b'\\x02' * 6, 0x0806, 1, 0x0800, 6, 4, 2, b'\\x02' * 6,
                                       socket.inet_aton('10.9.0.2'), mac, socket.inet_aton('10.9.0.1'))
                receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                receiver.bind(('10.9.0.1', 9))
                receiver.setblocking(False)
                payload = b'x' * 1400
                header = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 1428, 1, 0, 64, 17, 0, socket.inet_aton('10.9.0.2'), socket.inet_aton('10.9.0.1'))
                total = sum(struct.unpack('!10H', header))
                while total >> 16:
                    total = (total & 0xFFFF) + (total >> 16)
                header = header[:10] + struct.pack('!H', total ^ 0xFFFF) + header[12:]
                frame = mac + b'\\x02' * 6 + b'\\x08\\x00' + header + struct.pack('!HHHH', 9, 9, 1408, 0) + payload
                arrived = 0
                for _ in range(rounds):
                    start = time.perf_counter_ns()
                    for _ in range(20):
                        os.write(tap, frame)
                    sent.append((time.perf_counter_ns() - start) / 20)
                    try:
                        while True:
                            arrived += len(receiver.recv(2048)) == 1400
                    except BlockingIOError:
                        pass
                return created + sent + [arrived]
            def handler(event, etl):
                back, out = os.pipe()
                child = os.fork()
                if child == 0:
                    try:
                        answer = repr(measure(event['rounds']))
                    except BaseException as error:
                        answer = 'refused: %s' % error
                    try:
                        os.write(out, answer.encode())
                    finally:
                        os._exit(0)
                os.close(out)
                with os.fdopen(back) as file:
                    answer = file.read()
                os.waitpid(child, 0)
                if not answer.startswith('['):
                    raise OSError(answer)
                return [float(word) for word in answer.strip('[]').split(',')]
            """;
    private static final int TAPS = 20;
    private static final int EACH = 20;

    private HostIo() {
    }

    static Atom disk() {
        return new Atom("disk", Set.of(Atom.HOST), List.of(
                new Quantity("disk.read-block", NANOSECONDS, "reading 128 KiB from the device, past the page cache"),
                new Quantity("disk.write-block", NANOSECONDS, "writing 128 KiB to the device, past the page cache"),
                new Quantity("disk.cached-read-block", NANOSECONDS, "reading 128 KiB from the page cache"),
                new Quantity("disk.cached-write-block", NANOSECONDS, "writing 128 KiB to the page cache")),
                "blocks at random places of a file of 64 MiB beside the calibration's, with O_DIRECT and without, one at a time", Clock.WALL,
                new Seconds(1, 0.5), HostIo::measureDisk);
    }

    private static List<Reading> measureDisk(Bench bench) throws UnsupportedHereException {
        int blocks = bench.rounds(BLOCKS);
        double[] all;
        try (PythonProcess python = new PythonProcess(bench)) {
            all = python.numbersOr("{\"folder\": \"" + bench.scratch().toAbsolutePath() + "\", \"blocks\": " + blocks + "}", DISK,
                    "the disk under " + bench.scratch().toAbsolutePath().getParent() + " cannot be measured past the page cache",
                    "give --out on a disk, not in memory");
        }
        double bytes = (double) blocks * BLOCK_BYTES;
        int direct = 2 * blocks;
        int second = direct + 2;
        return List.of(
                part("disk.read-block", all, 0, blocks).exactly("bytes read from the device", all[direct], bytes).reading(),
                part("disk.write-block", all, blocks, blocks).exactly("bytes written to the device", all[direct + 1], bytes).reading(),
                part("disk.cached-read-block", all, second, blocks).exactly("bytes read from the device", all[second + direct], 0).reading(),
                part("disk.cached-write-block", all, second + blocks, blocks).reading());
    }

    private static Sample part(String parameter, double[] all, int from, int count) {
        Sample sample = new Sample(parameter);
        for (int i = from; i < from + count; i++) {
            sample.add(all[i]);
        }
        return sample;
    }

    static Atom loopback() {
        return new Atom("loopback", Set.of(Atom.HOST), List.of(
                new Quantity("net.round-trip", NANOSECONDS, "connection over loopback, a byte there and back, close"),
                new Quantity("net.loopback-packet", NANOSECONDS, "a datagram of 1400 B sent over loopback and received, both by one process")),
                "two processes for the connections; datagrams as means of 20", Clock.WALL, new Seconds(2, 1), HostIo::measureLoopback);
    }

    private static List<Reading> measureLoopback(Bench bench) throws UnsupportedHereException {
        int rounds = bench.rounds(ROUNDS);
        try (PythonProcess python = new PythonProcess(bench)) {
            double[] all = python.numbers(LOOPBACK, "{\"rounds\": " + rounds + "}");
            return List.of(part("net.round-trip", all, 0, rounds).exactly("answers", all.length, 2.0 * rounds).reading(),
                    part("net.loopback-packet", all, rounds, rounds).exactly("answers", all.length, 2.0 * rounds).reading());
        }
    }

    static Atom tap() {
        return new Atom("tap", Set.of("vm", "microvm", "unikernel"), List.of(
                new Quantity("host.tap-create", NANOSECONDS, "opening /dev/net/tun, naming the device, setting it up"),
                new Quantity("host.tap-packet", NANOSECONDS, "a packet of 1400 B written to a tap, through the kernel to a socket's queue")),
                "20 taps in a network namespace of their own; packets as means of 20, read back from a UDP socket", Clock.WALL, new Seconds(2, 1),
                HostIo::measureTap);
    }

    private static List<Reading> measureTap(Bench bench) throws UnsupportedHereException {
        if (!bench.root()) {
            throw new UnsupportedHereException("a tap and a network namespace need root", "run calibrate as root");
        }
        int rounds = bench.rounds(ROUNDS);
        double[] all;
        try (PythonProcess python = new PythonProcess(bench)) {
            all = python.numbersOr("{\"rounds\": " + rounds + "}", TAP, "no tap can be made here", "sudo modprobe tun");
        }
        List<Reading> readings = new ArrayList<>();
        readings.add(part("host.tap-create", all, 0, TAPS).reading());
        readings.add(part("host.tap-packet", all, TAPS, rounds)
                .exactly("packets that reached the socket", all[TAPS + rounds], (double) rounds * EACH).reading());
        return readings;
    }
}
