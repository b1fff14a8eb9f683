"""The program that every unikernel runs: waits for a function, runs it, answers, waits again.

The read of the request device that waits is the point at which the template is frozen. So everything a function is
likely to need is imported before it, and everything that must differ between invocations is set after it.
"""
import _signal, base64, bisect, collections, csv, datetime, errno, fcntl, functools, gc, gzip, hashlib, heapq, io, itertools, json
import linecache, marshal, math, mmap, operator, os, random, re, statistics, string, struct, sys, time, traceback, urllib.parse
import zlib

HEADER = struct.Struct('<III32s')  # kind, length of the source, length of the event, seed
INVOKE, SETTLE, INVOKE_WITH_MODULES, TIDY, POLLED = 0, 1, 2, 4, 8  # the last together with an invocation
MODULES = '/modules'
SOURCE_NAME = '<function>'

ETL_GET, ETL_LAST_ERROR = 1, 2
ETL_HEADER = struct.Struct('<IIQQ')  # unused, length of the text, offset in the window, size
ETL_BYTES = 1024
LOG_BUFFER_CHARACTERS, KEPT_LOG_CHARACTERS = 8192, 65536

_request_fd = os.open('/usf/request', os.O_RDONLY)
_answer_fd = os.open('/usf/answer', os.O_WRONLY)
_etl_fd = os.open('/usf/etl', os.O_RDWR)
_window_fd = os.open('/usf/window', os.O_RDONLY)
_window = memoryview(mmap.mmap(_window_fd, os.fstat(_window_fd).st_size, access=mmap.ACCESS_READ))
_buffer = bytearray(65536)
_buffers = [_buffer]


def _alarm(seconds):
    """Python takes it for granted that alarm(2) cannot fail, and a function would wait for what never comes."""
    if seconds:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return 0


_signal.alarm = _alarm


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


class PolledEtl(Etl):
    """The same calls without an exit: see sandglass.kvm.usf.etl.PolledCalls. The page is there when the host polls."""

    _words = memoryview(mmap.mmap(_window_fd, 4096)).cast('Q')
    _bytes = _words.cast('B')
    _header_bytes = bytes.__basicsize__ - 1

    def get(self, url):
        self._call(1, url)
        offset, size = self._words[10], self._words[11]
        return _window[offset:offset + size]

    def post(self, url, data):
        """Sends bytes as they lie in memory; of other data a copy, since only bytes say where they lie."""
        data = data if type(data) is bytes else bytes(data)
        self._words[3], self._words[4] = id(data) + self._header_bytes, len(data)
        self._call(2, url)

    def _call(self, operation, url):
        text, words = url.encode(), self._words
        if len(text) > 1000:
            raise EtlError('url of %d bytes is too long' % len(text))
        self._bytes[1024:1024 + len(text)] = text
        words[1], words[2] = operation, len(text)
        number = words[0] + 1
        words[0] = number
        while words[8] != number:
            pass
        if words[9]:
            raise EtlError(words[9], bytes(self._bytes[2048:2048 + words[12]]).decode(errors='replace'))


# Bound beforehand: each step saved on the way to a function is a page not touched, and each page is a fault in a clone.
_etl = Etl()
_polled_etl = PolledEtl()
_readv, _write = os.readv, os.write
_unpack = HEADER.unpack_from
_seed = super(random.Random, random._inst).seed
_decode = json.JSONDecoder().decode
_encoder = json.JSONEncoder(allow_nan=False)
_encode = _encoder.encode
_scan = _chunks = None
if json.scanner.c_make_scanner is not None and json.encoder.c_make_encoder is not None:
    # What decode and encode come to in the end. The way there touches as many pages as compiling the function.
    _scan = json.scanner.c_make_scanner(json.JSONDecoder())
    _chunks = json.encoder.c_make_encoder({}, _encoder.default, json.encoder.encode_basestring_ascii, None, ': ', ', ',
                                          False, False, False)


def _read_request():
    count = _readv(_request_fd, _buffers)
    kind, source_length, event_length, seed = _unpack(_buffer)
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


def _from_json(text):
    if _scan is not None:
        try:
            value, end = _scan(text, 0)
            if end == len(text):
                return value
        except StopIteration:
            pass
    return _decode(text)  # white space around the value, or an error with its place


def _to_json(value):
    return _encode(value) if _chunks is None else ''.join(_chunks(value, 0))


# The function's module, where pickle and dataclasses look up its classes. It is there beforehand: a clone that made it would write more pages.
_module = sys.modules['function'] = type(sys)('function')
_namespace = _module.__dict__
_namespace['__builtins__'] = __builtins__
_new_namespace = _namespace.copy()


def _renew():
    _namespace.clear()
    _namespace.update(_new_namespace)


def _run(source, event, etl):
    exec(compile(source, SOURCE_NAME, 'exec'), _namespace)
    if 'handler' not in _namespace:
        raise NameError("the function's file defines no handler(event, etl)")
    return b'R' + _to_json(_namespace['handler'](_from_json(event.decode()), etl)).encode()


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
            text = ''.join(self._parts)
            self._parts.clear()
            self._size = 0
            # In pieces: a function that prints a text of half its memory has no room for all of it in another form.
            for start in range(0, len(text), KEPT_LOG_CHARACTERS):
                data = text[start:start + KEPT_LOG_CHARACTERS].encode(errors='backslashreplace')
                while data:
                    data = data[os.write(self._fd, data):]


_out, _error = _Log(1), _Log(2)
sys.stdout, sys.stderr = _out, _error


LARGEST_GAP, GAPS = 100000, 8  # bytes of the largest gaps in the C library's heap that are filled, and how many such there may be
LARGEST_SMALL, GRAIN, POOL_BYTES, POOL_HEADER = 512, 16, 16384, 48  # of Python's own allocator, for small blocks (Objects/obmalloc.c)
BYTES_HEADER, BLOCK_HEADER = bytes.__basicsize__, 8  # of a bytes object, and of a block of the C library's allocator
NEW_POOL = 3  # blocks side by side at the beginning of a pool: nobody has freed any there

_kept = [None] * 20000
_next_kept = 0


def _tidy():
    """Takes the free blocks that starting up left all over the heap, so that what a function allocates lies side by side, in few pages.

    Those are all that its clone has to have of its own. So do the runner's own functions, to whose code the interpreter writes when it
    runs them. Nothing here may leave new gaps behind.
    """
    linecache.cache.pop(SOURCE_NAME, None)  # the lines of the warm-up that failed, which are not those of the next function
    gc.collect()
    end = max([id(block) for block in [bytes(LARGEST_GAP) for i in range(GAPS)]])
    small = os.environ.get('PYTHONMALLOC') == 'malloc'  # where the C library has the small blocks too
    for size in range(LARGEST_GAP, GRAIN if small else LARGEST_SMALL, -GRAIN):
        while True:
            block = bytes(size - BYTES_HEADER - BLOCK_HEADER) if size > BYTES_HEADER + BLOCK_HEADER else object()
            if id(block) >= end or not _keep(block):
                break
    block = None
    for size in range(0 if small else LARGEST_SMALL, BYTES_HEADER, -GRAIN):
        _fill_pools(size)
    for function in (_read_request, _from_json, _to_json, _run):
        function.__code__ = marshal.loads(marshal.dumps(function.__code__))


def _fill_pools(size):
    """Takes the free blocks of one size until the allocator begins a new pool."""
    while True:
        block = bytes(size - BYTES_HEADER)
        if id(block) % POOL_BYTES == POOL_HEADER:
            after = [bytes(size - BYTES_HEADER) for i in range(NEW_POOL)]
            if all(id(next) == id(block) + (i + 1) * size for i, next in enumerate(after)):
                return
        if not _keep(block):
            return


def _keep(block):
    global _next_kept
    if _next_kept == len(_kept):
        return False
    _kept[_next_kept] = block
    _next_kept += 1
    return True


def serve():
    while True:
        kind, seed, source, event = _read_request()
        if kind == TIDY:
            answer = None
            try:
                _tidy()
            except MemoryError:
                _kept.clear()
            continue
        if kind == SETTLE:
            gc.collect()
            gc.freeze()
            continue
        etl = _etl
        if kind >= POLLED:
            etl, kind = _polled_etl, kind - POLLED
        if kind == INVOKE_WITH_MODULES:
            sys.path.append(MODULES)
        _seed(int.from_bytes(seed, 'little'))
        try:
            answer = _run(source, event, etl)
        except BaseException:
            answer = _describe(source)
        if _out._parts:
            _out.flush()
        if _error._parts:
            _error.flush()
        _write(_answer_fd, answer)
        _renew()  # only the template comes here


serve()
