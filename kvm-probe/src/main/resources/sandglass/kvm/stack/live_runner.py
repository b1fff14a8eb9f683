"""The program that waits for functions in every stack whose sandbox is a Linux process, behind the unikernel runner's protocol.

Arguments, each key=value: memory (bytes), seconds (time limit), document (bytes, the largest), descriptors (most that may be open), allow
(host or host:port, any number).
Where requests come from: channel, a unix socket to connect to, or descriptor, one that is connected; else, standard input and output.
How to reach the world: gateway, host:port of a proxy that speaks CONNECT, or the path of the unix socket on which it listens, and direct
(host:port, any number), servers that listen at the gateway's address themselves; without a gateway, by the process's own network.
Where etl.file puts documents: files, a directory; without it, memory that goes with the process.
"""
import base64, bisect, collections, csv, datetime, functools, gc, gzip, hashlib, heapq, http.client, importlib.machinery, io, itertools, json
import linecache, math, mmap, operator, os, random, re, resource, signal, socket, statistics, string, struct, sys, time, traceback
import urllib.parse, zlib

HEADER = struct.Struct('<III32s')  # kind, length of the source, length of the event, seed
MODULES = 3  # the store's path in place of the source, names with commas between in place of the event: for the next function
LENGTHS = struct.Struct('<II')  # of the answer and of the log
SOURCE_NAME = '<function>'
KEPT_LOG_CHARACTERS = 65536
SPARE_SECONDS = 2

# Bound beforehand: what a function makes of the module json is its own affair.
_decode, _encode = json.JSONDecoder().decode, json.JSONEncoder(allow_nan=False).encode

_options = collections.defaultdict(list)
for _argument in sys.argv[1:]:
    _key, _, _value = _argument.partition('=')
    _options[_key].append(_value)


def _option(key):
    return _options[key][-1] if _options[key] else None


_memory, _seconds, _max_document = int(_option('memory')), float(_option('seconds')), int(_option('document'))
_allowed, _direct = set(_options['allow']), set(_options['direct'])
_gateway, _files = _option('gateway'), _option('files')

if _option('channel'):
    _socket = socket.socket(socket.AF_UNIX)
    _socket.connect(_option('channel'))
    _requests, _answers = os.fdopen(os.dup(_socket.fileno()), 'rb'), _socket.detach()
elif _option('descriptor'):
    _requests, _answers = os.fdopen(os.dup(int(_option('descriptor'))), 'rb'), int(_option('descriptor'))
else:
    # The pipes move away from 0, 1 and 2, where a function might write to them by mistake.
    _requests, _answers = os.fdopen(os.dup(0), 'rb'), os.dup(1)
_null = os.open(os.devnull, os.O_RDWR)
for _fd in (0, 1, 2):
    os.dup2(_null, _fd)
resource.setrlimit(resource.RLIMIT_DATA, (_memory, _memory))
if _option('descriptors'):
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(_option('descriptors')),) * 2)
if os.getpid() == 1:
    # The first process of a container has no default actions for signals.
    signal.signal(signal.SIGALRM, lambda *_: os._exit(1))


class EtlError(OSError):
    """A GET or POST that was refused or could not be carried out."""


def _through(host, port, timeout):
    """A connection to a host by way of the gateway's unix socket."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    connection.connect(_gateway)
    connection.sendall(b'CONNECT %s:%d HTTP/1.1\r\n\r\n' % (host.encode('idna'), port))
    answer = b''
    while not answer.endswith(b'\r\n\r\n'):
        byte = connection.recv(1)
        if not byte:
            raise OSError('the gateway hung up')
        answer += byte
    if b' 200 ' not in answer.partition(b'\r\n')[0]:
        raise OSError('the gateway answers ' + answer.partition(b'\r\n')[0].decode())
    return connection


class Etl:
    """What a function may do with the world: the same as in the unikernel, through the sandbox's own sockets."""

    def __init__(self, deadline):
        self._deadline, self._documents = deadline, []

    def get(self, url):
        """Fetches a document; returns a read-only memoryview."""
        return memoryview(self._exchange('GET', url, None, True))

    def file(self, url):
        """Fetches a document; returns the path of a file with it, which is there until the function ends."""
        data = self._exchange('GET', url, None, True)
        if _files:
            path = '%s/document-%d' % (_files, len(self._documents) + 1)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        else:
            descriptor = os.memfd_create('document')
            path = '/proc/self/fd/%d' % descriptor
        self._documents.append((path, descriptor))
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest):]
        return path

    def forget(self):
        for path, descriptor in self._documents:
            try:
                os.close(descriptor)
                if _files:
                    os.unlink(path)
            except OSError:
                pass  # the function did it already

    def post(self, url, data):
        """Sends bytes-like data."""
        self._exchange('POST', url, memoryview(data).cast('B'), False)

    def _exchange(self, method, url, body, keep):
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise EtlError('not a url: %s' % error) from None
        if port == 0 or any(character <= ' ' or character == '\x7f' for character in url):
            raise EtlError('not a url: %r' % url)
        if parts.scheme not in ('http', 'https') or not parts.hostname or parts.username is not None:
            raise EtlError(url + ': expected http://host/... or https://host/...')
        port = port or (443 if parts.scheme == 'https' else 80)
        host = '[%s]' % parts.hostname if ':' in parts.hostname else parts.hostname
        if host not in _allowed and '%s:%d' % (host, port) not in _allowed:
            raise EtlError('%s:%d is not among the hosts allowed to this function' % (host, port))
        connection = self._connection(parts.scheme, parts.hostname, port)
        target = urllib.parse.quote((parts.path or '/') + ('?' + parts.query if parts.query else ''), string.printable)
        try:
            connection.request(method, target, body, {'Host': parts.netloc})
            response = connection.getresponse()
            if 300 <= response.status < 400:
                raise EtlError('%s answers %d: redirects are not followed' % (url, response.status))
            if not 200 <= response.status < 300:
                raise EtlError('%s answers %d' % (url, response.status))
            return self._read(response, url) if keep else None
        except (http.client.HTTPException, OSError, ValueError) as error:
            if isinstance(error, EtlError):
                raise
            raise EtlError('%s: %s' % (url, error)) from None
        finally:
            connection.close()

    def _connection(self, scheme, host, port):
        kind = http.client.HTTPSConnection if scheme == 'https' else http.client.HTTPConnection
        timeout = max(0.001, self._deadline - time.monotonic())
        if not _gateway:
            return kind(host, port, timeout=timeout)
        if _gateway.startswith('/'):
            connection = kind(host, port, timeout=timeout)
            # A connection that has its socket does not connect, so nobody asks this one for a property of TCP.
            connection.sock = _through(host, port, timeout)
            if scheme == 'https':
                import ssl  # takes longer than all the rest
                connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
            return connection
        address, _, relay = _gateway.rpartition(':')
        if scheme == 'http' and '%s:%d' % (host, port) in _direct:
            return kind(address, port, timeout=timeout)
        connection = kind(address, int(relay), timeout=timeout)
        connection.set_tunnel(host, port)
        return connection

    def _read(self, response, url):
        if response.length is not None and response.length > _max_document:
            raise EtlError('%s: larger than %d bytes' % (url, _max_document))
        data = response.read(_max_document + 1) if response.length is None else response.read()
        if len(data) > _max_document:
            raise EtlError('%s: larger than %d bytes' % (url, _max_document))
        return data


class _Modules:
    """Finds some of a store's packages, and of them what is written in Python: the same as a unikernel gets."""

    def __init__(self, store, names):
        self._store, self._names = store, names

    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] not in self._names:
            return None
        for directory in [self._store] if path is None else path:
            spec = importlib.machinery.FileFinder(directory, (importlib.machinery.SourceFileLoader, ['.py'])).find_spec(name)
            if spec is not None:
                return spec
        raise ModuleNotFoundError('No module named %r' % name, name=name)


class _Log(io.TextIOBase):

    def __init__(self):
        self.parts, self.size = [], 0

    def writable(self):
        return True

    def write(self, text):
        if self.size < KEPT_LOG_CHARACTERS:
            self.parts.append(text[:KEPT_LOG_CHARACTERS - self.size])
        self.size += len(text)
        return len(text)


def _read(count):
    data = _requests.read(count)
    if len(data) < count:
        os._exit(0)
    return data


def _run(source, event, deadline):
    linecache.cache.pop(SOURCE_NAME, None)  # the last function's lines
    module = type(sys)('function')
    sys.modules['function'] = module  # where pickle and dataclasses look up a class of the function's
    namespace = module.__dict__
    namespace['__builtins__'] = __builtins__
    exec(compile(source, SOURCE_NAME, 'exec'), namespace)
    if 'handler' not in namespace:
        raise NameError("the function's file defines no handler(event, etl)")
    etl = Etl(deadline)
    try:
        return b'R' + _encode(namespace['handler'](_decode(event.decode()), etl)).encode()
    finally:
        etl.forget()


def _describe(source):
    error_type, error, trace = sys.exc_info()
    try:
        lines = source.decode(errors='replace').splitlines(keepends=True)
        linecache.cache[SOURCE_NAME] = (len(source), None, lines, SOURCE_NAME)
        while trace is not None and trace.tb_frame.f_code.co_filename == _describe.__code__.co_filename:
            trace = trace.tb_next
        text = ''.join(traceback.format_exception(error_type, error, trace))
        return b'E' + text.encode(errors='backslashreplace')
    except BaseException:
        return b'E' + error_type.__name__.encode(errors='replace')


def _send(answer, log):
    data = LENGTHS.pack(len(answer), len(log)) + answer + log
    while data:
        data = data[os.write(_answers, data):]


def serve():
    _send(b'S', b'')
    modules = None
    while True:
        kind, source_length, event_length, seed = HEADER.unpack(_read(HEADER.size))
        source, event = _read(source_length), _read(event_length)
        if kind == MODULES:
            modules = _Modules(source.decode(), set(event.decode().split(',')))
            sys.meta_path.append(modules)
            continue
        random.seed(int.from_bytes(seed, 'little'))
        sys.stdout = sys.stderr = log = _Log()
        # Should the monitor be gone, nobody else would end an endless loop.
        signal.setitimer(signal.ITIMER_REAL, _seconds + SPARE_SECONDS)
        try:
            answer = _run(source, event, time.monotonic() + _seconds)
        except BaseException:
            answer = _describe(source)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if modules in sys.meta_path:
            sys.meta_path.remove(modules)
        _send(answer, ''.join(log.parts).encode(errors='backslashreplace'))


serve()
