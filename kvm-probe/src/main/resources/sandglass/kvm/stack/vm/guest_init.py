"""The first program of a virtual machine: makes the kernel's devices usable, then becomes the runner that waits for functions.

Arguments: modules of the kernel, in the order in which they must be loaded. All else comes through a virtio port. There it says
"ready" once the interpreter has imported what functions use, and takes one JSON object a line: {"clock": true} is answered by the
guest's monotonic time in ns; any other says how to go on: arguments of the runner, the time of day, fresh randomness, network.
"""
import sys, time
FIRST = time.monotonic()
import ctypes, fcntl, json, os, socket, struct

SYS_FINIT_MODULE, SYS_REBOOT = 313, 169
RNDADDENTROPY, RNDRESEEDCRNG = 0x40085203, 0x5207
SIOCSIFADDR, SIOCSIFNETMASK, SIOCSIFFLAGS, SIOCSARP = 0x8916, 0x891C, 0x8914, 0x8955
IFF_UP, ATF_COMPLETE, ATF_PERMANENT = 1, 2, 4
PORT, DISK, FILES = '/dev/vport0p1', '/dev/vda', '/files'
RUNNER = '/runner.py'

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), what)


def mount(source, target, kind):
    check(libc.mount(source.encode(), target.encode(), kind.encode(), 0, None), target)


def load(module):
    descriptor = os.open(module, os.O_RDONLY)
    check(libc.syscall(SYS_FINIT_MODULE, descriptor, b'', 0), module)
    os.close(descriptor)


def open_port():
    while True:
        try:
            return os.open(PORT, os.O_RDWR)
        except FileNotFoundError:
            time.sleep(0.001)


def line(port):
    text = b''
    while not text.endswith(b'\n'):
        part = os.read(port, 65536)
        if not part:
            raise EOFError('the host closed the port')
        text += part
    return json.loads(text)


def started():
    """When the kernel started this program, in seconds since it booted."""
    with open('/proc/self/stat') as stat:
        return int(stat.read().rpartition(')')[2].split()[19]) / os.sysconf('SC_CLK_TCK')


def prepare_runner():
    """Imports what the runner imports and compiles the rest."""
    with open(RUNNER) as file:
        tree = compile(file.read(), RUNNER, 'exec', 0x400)  # to a tree
    whole = compile(tree, RUNNER, 'exec')
    tree.body = [node for node in tree.body if type(node).__name__ == 'Import']
    exec(compile(tree, RUNNER, 'exec'), {})
    return whole


def stir(seed):
    """Makes the kernel's random numbers differ from those of every other machine that was restored from the same state."""
    with open('/dev/urandom', 'wb') as urandom:
        fcntl.ioctl(urandom, RNDADDENTROPY, struct.pack('ii', 8 * len(seed), len(seed)) + seed)
        fcntl.ioctl(urandom, RNDRESEEDCRNG)


def configure(interface, address, mask, gateway, hardware):
    """Without a known neighbour the kernel would ask for it now and then, at times of its own."""
    def name(rest):
        return struct.pack('16s24s', interface.encode(), rest)

    def inet(text):
        return struct.pack('HH4s', socket.AF_INET, 0, socket.inet_aton(text))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFADDR, name(inet(address)))
        fcntl.ioctl(control, SIOCSIFNETMASK, name(inet(mask)))
        fcntl.ioctl(control, SIOCSIFFLAGS, name(struct.pack('H', IFF_UP)))
        if hardware:
            fcntl.ioctl(control, SIOCSARP, inet(gateway).ljust(16, b'\0') + struct.pack('H14s', 1, bytes.fromhex(hardware.replace(':', '')))
                        + struct.pack('i', ATF_COMPLETE | ATF_PERMANENT) + bytes(16) + interface.encode().ljust(16, b'\0'))


def main():
    mount('devtmpfs', '/dev', 'devtmpfs')
    mount('proc', '/proc', 'proc')
    mount('sysfs', '/sys', 'sysfs')
    mount('tmpfs', '/tmp', 'tmpfs')
    for module in sys.argv[1:]:
        load(module)
    if os.path.exists(DISK):
        mount(DISK, FILES, 'ext4')
    port = open_port()
    runner = prepare_runner()
    os.write(port, b'ready %d %d %d\n' % tuple(1e9 * s for s in (started(), FIRST, time.monotonic())))
    while True:
        order = line(port)
        if 'clock' not in order:
            break
        os.write(port, b'%d\n' % time.monotonic_ns())
    time.clock_settime(time.CLOCK_REALTIME, order['time'])
    stir(bytes.fromhex(order['seed']))
    if 'address' in order:
        configure('eth0', order['address'], order['mask'], order.get('gateway'), order.get('gateway_hardware'))
    os.environ.update(PATH='/usr/bin', HOME='/', LANG='C.UTF-8')
    sys.argv[1:] = order['arguments']
    os.dup2(port, 0)
    os.dup2(port, 1)
    os.close(port)
    exec(runner, {'__name__': '__main__', '__builtins__': __builtins__})


try:
    main()
except EOFError:
    pass
libc.syscall(SYS_REBOOT, ctypes.c_long(0xfee1dead), 672274793, 0x01234567, None)
