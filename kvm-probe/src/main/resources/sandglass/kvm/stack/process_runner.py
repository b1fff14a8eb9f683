"""The program of the process stack: speaks the unikernel runner's protocol over pipes, and has a network of its own.

Arguments: memory in bytes, time limit in seconds, largest document in bytes, allowed hosts with commas between.
"""
import base64, bisect, collections, csv, datetime, functools, gc, gzip, hashlib, heapq, http.client, io, itertools, json
import linecache, math, mmap, operator, os, random, re, resource, signal, statistics, string, struct, sys, time, traceback
import urllib.parse, zlib

HEADER = struct.Struct('<III32s')  # kind, length of the source, length of the event, seed
LENGTHS = struct.Struct('<II')  # of the answer and of the log
SOURCE_NAME = '<function>'
KEPT_LOG_CHARACTERS = 65536
SPARE_SECONDS = 2

_memory, _seconds, _max_document = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
_allowed = set(filter(None, sys.argv[4].split(',')))

os.setsid()
# The pipes move away from 0, 1 and 2, where a function might write to them by mistake.
_requests, _answers = os.fdopen(os.dup(0), 'rb'), os.dup(1)
_null = os.open(os.devnull, os.O_RDWR)
for _fd in (0, 1, 2):
    os.dup2(_null, _fd)
resource.setrlimit(resource.RLIMIT_DATA, (_memory, _memory))


class EtlError(OSError):
    """A GET or POST that was refused or could not be carried out."""


class Etl:
    """What a function may do with the world: the same as in the unikernel, through the process's own sockets."""

    def __init__(self, deadline):
        self._deadline = deadline

    def get(self, url):
        """Fetches a document; returns a read-only memoryview."""
        return memoryview(self._exchange('GET', url, None, True))

    def post(self, url, data):
        """Sends bytes-like data."""
        self._exchange('POST', url, memoryview(data).cast('B'), False)

    def _exchange(self, method, url, body, keep):
        try:
            parts = urllib.parse.urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise EtlError('not a url: %s' % error) from None
        if parts.scheme not in ('http', 'https') or not parts.hostname or parts.username is not None:
            raise EtlError(url + ': expected http://host/... or https://host/...')
        port = port or (443 if parts.scheme == 'https' else 80)
        if parts.hostname not in _allowed and '%s:%d' % (parts.hostname, port) not in _allowed:
            raise EtlError('%s:%d is not among the hosts allowed to this function' % (parts.hostname, port))
        kind = http.client.HTTPSConnection if parts.scheme == 'https' else http.client.HTTPConnection
        connection = kind(parts.hostname, port, timeout=max(0.001, self._deadline - time.monotonic()))
        target = (parts.path or '/') + ('?' + parts.query if parts.query else '')
        try:
            connection.request(method, target, body)
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

    def _read(self, response, url):
        if response.length is not None and response.length > _max_document:
            raise EtlError('%s: larger than %d bytes' % (url, _max_document))
        data = response.read(_max_document + 1) if response.length is None else response.read()
        if len(data) > _max_document:
            raise EtlError('%s: larger than %d bytes' % (url, _max_document))
        return data


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
    namespace = {'__name__': 'function', '__builtins__': __builtins__}
    exec(compile(source, SOURCE_NAME, 'exec'), namespace)
    if 'handler' not in namespace:
        raise NameError("the function's file defines no handler(event, etl)")
    result = namespace['handler'](json.loads(event), Etl(deadline))
    return b'R' + json.dumps(result, allow_nan=False).encode()


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
    while True:
        kind, source_length, event_length, seed = HEADER.unpack(_read(HEADER.size))
        source, event = _read(source_length), _read(event_length)
        random.seed(int.from_bytes(seed, 'little'))
        sys.stdout = sys.stderr = log = _Log()
        # Should the monitor be gone, nobody else would end an endless loop.
        signal.setitimer(signal.ITIMER_REAL, _seconds + SPARE_SECONDS)
        try:
            answer = _run(source, event, time.monotonic() + _seconds)
        except BaseException:
            answer = _describe(source)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answer, ''.join(log.parts).encode(errors='backslashreplace'))


serve()
