"""Lean containers: processes of the runtime image's Python in namespaces of their own, without a container runtime.

Runs twice. First by the host's python3 (arguments 'enter' and key=value): makes a mount namespace whose root is the image, read-only, and
becomes the image's python3. Then (argument 'zygote') it waits for orders on standard input: each makes a clone of itself, already
initialised, with fresh namespaces, that serves functions over a socket. Or (argument 'alone') it makes one such clone, which is to be checkpointed: the
clone waits until there is a socket /run/channel, which is so in its restored copies only.

Arguments: root, the image; python, the path of its interpreter; point, an empty directory; run, a directory that is its /run; runner, a file with the runner's source;
devices, a directory that is its /dev; channels, a directory with the socket 'channel'; filter, a seccomp program in hexadecimal; files, bytes of /tmp and of /etl; argument, one of the
runner's, any number.
"""
import ctypes, os, resource, signal, socket, struct, sys, time

NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, BIND, REC, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
DETACH = 2
PIVOT_ROOT, CAPSET = 155, 126
SET_SECCOMP, CAPBSET_DROP, SET_NO_NEW_PRIVS = 22, 24, 38
FILTER = 2
NOBODY = 65534
MOST_CAPABILITIES = 64
MOST_FILES = 1024
DEVICES = {'null': (1, 3), 'zero': (1, 5), 'full': (1, 7), 'random': (1, 8), 'urandom': (1, 9)}

libc = ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """A function of the C library that says by -1 that it failed."""
    wanted = [ctypes.c_char_p(a.encode()) if isinstance(a, str) else ctypes.c_void_p(a) if a is None else ctypes.c_ulong(a) if isinstance(a, int) else a
              for a in arguments]
    if getattr(libc, name)(*wanted) == -1:
        error = ctypes.get_errno()
        raise OSError(error, '%s%r: %s' % (name, arguments[:3], os.strerror(error)))


def options(arguments):
    chosen = {'argument': []}
    for argument in arguments:
        key, _, value = argument.partition('=')
        if key == 'argument':
            chosen[key].append(value)
        else:
            chosen[key] = value
    return chosen


def memory_files(at, size):
    call('mount', 'tmpfs', at, 'tmpfs', NOSUID | NODEV, 'mode=1777,size=' + size)


def enter(chosen, role):
    """Goes where nothing of the host is left but the image, the directory of sockets and five devices."""
    point = chosen['point']
    kept = {'runner': os.open(chosen['runner'], os.O_RDONLY)}
    if role == 'zygote':
        kept['channels'] = os.open(chosen['channels'], os.O_PATH | os.O_DIRECTORY)
        kept['own'] = os.open('/proc/self/ns/pid', os.O_RDONLY)
        call('unshare', NEWNS)
    else:
        # A checkpoint cannot hold what was mapped from another namespace's mount, so the program begins in its last one.
        call('unshare', NEWNS | NEWPID | NEWIPC | NEWUTS | NEWNET)
        kept['ready'] = first_of_its_namespace()
    call('mount', None, '/', None, REC | PRIVATE, None)
    call('mount', chosen['root'], point, None, BIND, None)
    call('mount', None, point, None, BIND | REMOUNT | RDONLY | NOSUID | NODEV, None)
    if not os.listdir(chosen['devices']):
        os.umask(0)
        for name, (major, minor) in DEVICES.items():
            os.mknod('%s/%s' % (chosen['devices'], name), 0o666 | 0o020000, os.makedev(major, minor))
        os.umask(0o022)
    call('mount', chosen['devices'], point + '/dev', None, BIND, None)
    call('mount', None, point + '/dev', None, BIND | REMOUNT | RDONLY | NOSUID | NOEXEC, None)
    call('mount', chosen['run'], point + '/run', None, BIND, None)
    call('mount', None, point + '/run', None, BIND | REMOUNT | RDONLY | NOSUID | NODEV | NOEXEC, None)
    os.chdir(point)
    call('syscall', PIVOT_ROOT, '.', '.')
    call('umount2', '.', DETACH)
    os.chdir('/')
    if role == 'alone':
        own_files(chosen)
        socket.sethostname('sandbox')
    for descriptor in kept.values():
        os.set_inheritable(descriptor, True)
    arguments = [argument for argument in sys.argv[2:] if argument.partition('=')[0] not in kept]
    program = os.environ.pop('LEAN_PROGRAM')
    os.execve(chosen['python'], ['python3', '-I', '-S', '-B', '-c', program, role] + arguments
              + ['%s=%d' % pair for pair in kept.items()], os.environ)


def first_of_its_namespace():
    """Forks. The parent says the child's number, then 'S', and hangs up when the child is ready; the child gets where to say that."""
    waits, ready = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(waits)
        os.setsid()
        return ready
    os.close(ready)
    if os.read(waits, 1):
        os.write(1, struct.pack('<I', pid) + b'S')
    forget_outputs()
    os.waitpid(pid, 0)
    os._exit(0)


def own_files(chosen):
    call('mount', 'proc', '/proc', 'proc', NOSUID | NODEV | NOEXEC, None)
    memory_files('/tmp', chosen['files'])
    memory_files('/etl', chosen['files'])


def give_up_privileges(program):
    for capability in range(MOST_CAPABILITIES):
        try:
            call('prctl', CAPBSET_DROP, capability, 0, 0, 0)
        except OSError:
            break
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # Version 3, this thread; effective, permitted and inheritable, each in two halves.
    call('syscall', CAPSET, ctypes.create_string_buffer(struct.pack('<Ii', 0x20080522, 0)), ctypes.create_string_buffer(24))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    call('prctl', SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack('<HxxxxxxQ', len(program) // 8, ctypes.addressof(code)))
    call('prctl', SET_SECCOMP, FILTER, header, 0, 0)


def serve(code, arguments):
    sys.argv = ['runner'] + arguments
    exec(code, {'__name__': '__main__', '__builtins__': __builtins__})


def prepare(chosen):
    """What every clone shares: the modules that functions use, and the runner as code."""
    import ast, gc
    with open(int(chosen['runner']), 'rb') as file:
        source = file.read()
    tree = ast.parse(source)
    imports = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
    exec(compile(imports, 'imports', 'exec'), {})
    code = compile(source, 'runner', 'exec')
    del tree, imports, source
    gc.collect()
    gc.freeze()
    return code


def alone(chosen):
    """Becomes the server that is to be checkpointed, with nothing open but /dev/null. Its copies give up their privileges, each for itself: on
    hosts whose root is confined, CRIU may not look into a process of another user."""
    code, program = prepare(chosen), bytes.fromhex(chosen['filter'])
    forget_outputs()
    ready = int(chosen['ready'])
    os.write(ready, b'S')
    os.close(ready)
    while not os.path.exists('/run/channel'):
        time.sleep(0.001)
    connection = socket.socket(socket.AF_UNIX)
    connection.connect('/run/channel')
    call('mount', None, '/', None, BIND | REMOUNT | RDONLY | NOSUID | NODEV, None)
    give_up_privileges(program)
    serve_over(connection, code, chosen)


def forget_outputs():
    null = os.open('/dev/null', os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def serve_over(connection, code, chosen):
    connection.send(b'N' + struct.pack('<q', time.monotonic_ns()))
    serve(code, chosen['argument'] + ['descriptor=%d' % connection.detach()])


def connect(channels):
    connection = socket.socket(socket.AF_UNIX)
    os.fchdir(channels)
    connection.connect('channel')
    os.chdir('/')
    return connection


def zygote(chosen):
    code, program = prepare(chosen), bytes.fromhex(chosen['filter'])
    channels, own = int(chosen['channels']), int(chosen['own'])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # clones end without anybody waiting
    os.write(1, b'S')
    while os.read(0, 1):
        connection = connect(channels)
        call('unshare', NEWPID)
        pid = os.fork()
        if pid == 0:
            clone(code, program, connection, chosen, (channels, own))
        call('setns', own, NEWPID)
        connection.close()
        os.write(1, struct.pack('<I', pid))


def clone(code, program, connection, chosen, foreign):
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        null = os.open('/dev/null', os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        for descriptor in foreign + (null,):
            os.close(descriptor)
        # The host puts it into its control groups first.
        if connection.recv(1) != b'G':
            os._exit(0)
        os.setsid()
        call('unshare', NEWNS | NEWIPC | NEWUTS | NEWNET | NEWCGROUP)
        own_files(chosen)
        socket.sethostname('sandbox')
        give_up_privileges(program)
        serve_over(connection, code, chosen)
    except BaseException as error:
        failed(error)


def failed(error):
    try:
        os.write(2, ('clone: %r\n' % error).encode())
    finally:
        os._exit(1)


def main():
    role, chosen = sys.argv[1], options(sys.argv[2:])
    if role.startswith('enter-'):
        enter(chosen, role[len('enter-'):])
    elif role == 'zygote':
        zygote(chosen)
    elif role == 'alone':
        alone(chosen)


main()
