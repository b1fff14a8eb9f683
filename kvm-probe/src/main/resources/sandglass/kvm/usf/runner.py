"""The program that every unikernel runs: waits for a function, runs it, answers, waits again.

The read of the request device that waits is the point at which the template is frozen. So everything a function is
likely to need is imported before it, and everything that must differ between invocations is set after it.
"""
import base64, bisect, collections, csv, datetime, fcntl, functools, gc, gzip, hashlib, heapq, io, itertools, json
import linecache, math, mmap, operator, os, random, re, statistics, string, struct, sys, time, traceback, urllib.parse
import zlib

HEADER = struct.Struct('<III32s')  # kind, length of the source, length of the event, seed
INVOKE, SETTLE, INVOKE_WITH_MODULES = 0, 1, 2
MODULES = '/modules'
SOURCE_NAME = '<function>'

ETL_GET, ETL_LAST_ERROR = 1, 2
ETL_HEADER = struct.Struct('<IIQQ')  # unused, length of the text, offset in the window, size
ETL_BYTES = 1024
LOG_BUFFER_CHARACTERS = 8192

_request_fd = os.open('/usf/request', os.O_RDONLY)
_answer_fd = os.open('/usf/answer', os.O_WRONLY)
_etl_fd = os.open('/usf/etl', os.O_RDWR)
_window_fd = os.open('/usf/window', os.O_RDONLY)
_window = memoryview(mmap.mmap(_window_fd, os.fstat(_window_fd).st_size, access=mmap.ACCESS_READ))
_buffer = bytearray(65536)


class EtlError(OSError):
    """A GET or POST that the host refused or could not carry out."""


class Etl:
    """What a function may do with the world. The host does it: see sandglass.kvm.usf.call.EtlCalls."""

    def get(self, url):
        """Fetches a document; returns a read-only memoryview of memory that the host filled."""
        offset, size = ETL_HEADER.unpack_from(self._get(url))[2:]
        return _window[offset:offset + size]

    def _get(self, url):
        text = url.encode()
        argument = bytearray(ETL_BYTES)
        if len(text) > ETL_BYTES - ETL_HEADER.size:
            raise EtlError('url of %d bytes is too long' % len(text))
        ETL_HEADER.pack_into(argument, 0, 0, len(text), 0, 0)
        argument[ETL_HEADER.size:ETL_HEADER.size + len(text)] = text
        try:
            fcntl.ioctl(_etl_fd, ETL_GET, argument)
        except OSError as error:
            raise self._failure(error) from None
        return argument

    def file(self, url):
        """Fetches a document; returns its path in /etl, for code that wants a file. A write to it makes a copy."""
        argument = self._get(url)
        length = ETL_HEADER.unpack_from(argument)[1]
        return '/etl/' + argument[ETL_HEADER.size:ETL_HEADER.size + length].decode()

    def post(self, url, data):
        """Sends bytes-like data."""
        try:
            os.writev(_etl_fd, [url.encode(), data])
        except OSError as error:
            raise self._failure(error) from None

    def _failure(self, error):
        argument = bytearray(ETL_BYTES)
        fcntl.ioctl(_etl_fd, ETL_LAST_ERROR, argument)
        length = ETL_HEADER.unpack_from(argument)[1]
        return EtlError(error.errno, argument[ETL_HEADER.size:ETL_HEADER.size + length].decode())


# Bound beforehand: each step saved on the way to a function is a page not touched, and each page is a fault in a clone.
_etl = Etl()
_seed = super(random.Random, random._inst).seed
_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(allow_nan=False).encode


def _read_request():
    count = os.readv(_request_fd, [_buffer])
    kind, source_length, event_length, seed = HEADER.unpack_from(_buffer)
    total = HEADER.size + source_length + event_length
    data = _buffer
    if total > count:
        data = bytearray(total)
        data[:count] = _buffer[:count]
        rest = memoryview(data)
        while count < total:
            count += os.readv(_request_fd, [rest[count:]])
    source_end = HEADER.size + source_length
    return kind, seed, bytes(data[HEADER.size:source_end]), bytes(data[source_end:total])


def _run(source, event):
    namespace = {'__name__': 'function', '__builtins__': __builtins__}
    exec(compile(source, SOURCE_NAME, 'exec'), namespace)
    if 'handler' not in namespace:
        raise NameError("the function's file defines no handler(event, etl)")
    return b'R' + _encode(namespace['handler'](_decode(event.decode()), _etl)).encode()


def _describe(source):
    error_type, error, trace = sys.exc_info()
    try:
        lines = source.decode(errors='replace').splitlines(keepends=True)
        linecache.cache[SOURCE_NAME] = (len(source), None, lines, SOURCE_NAME)
        # the first two entries are this file's: exec and the call of the handler are ours
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        text = ''.join(traceback.format_exception(error_type, error, trace))
        return b'E' + text.encode(errors='backslashreplace')
    except BaseException:
        return b'E' + error_type.__name__.encode(errors='replace')


class _Log(io.TextIOBase):
    """Standard output and error.

    Python's own would cost an exit a flush, even when empty: its lock asks for the time.
    """

    def __init__(self, fd):
        self._fd = fd
        self._parts = []
        self._size = 0

    def writable(self):
        return True

    def fileno(self):
        return self._fd

    def write(self, text):
        self._parts.append(text)
        self._size += len(text)
        if self._size > LOG_BUFFER_CHARACTERS:
            self.flush()
        return len(text)

    def flush(self):
        if self._parts:
            data = ''.join(self._parts).encode(errors='backslashreplace')
            self._parts.clear()
            self._size = 0
            while data:
                data = data[os.write(self._fd, data):]


_out, _error = _Log(1), _Log(2)
sys.stdout, sys.stderr = _out, _error


def serve():
    while True:
        kind, seed, source, event = _read_request()
        if kind == SETTLE:
            gc.collect()
            gc.freeze()
            continue
        if kind == INVOKE_WITH_MODULES:
            sys.path.append(MODULES)
        _seed(int.from_bytes(seed, 'little'))
        try:
            answer = _run(source, event)
        except BaseException:
            answer = _describe(source)
        _out.flush()
        _error.flush()
        os.write(_answer_fd, answer)


serve()
