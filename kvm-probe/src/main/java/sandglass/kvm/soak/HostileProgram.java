package sandglass.kvm.soak;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import sandglass.kvm.usf.Outcome;

/**
 * A function that means harm, and how it must end, provided that it has a second or more for it.
 *
 * @param name   what it tries
 * @param source the function; a secret is its global {@code SECRET}
 * @param event  JSON
 * @param ends   what is acceptable
 */
public record HostileProgram(String name, String source, String event, Predicate<Outcome> ends) {

    /** What programs that leave something behind leave behind. */
    public static final String SECRET = "hunter2-0xfeedface-";

    /** Tools: raw system calls and raw machine code. */
    private static final String TOOLS = """
            import ctypes, mmap, os, sys, json
            SECRET = 'hunter2-' + '0xfeedface-'
            _libc = ctypes.CDLL(None)
            def syscall(number, *arguments):
                _libc.syscall.restype = ctypes.c_long
                return _libc.syscall(ctypes.c_long(number), *[ctypes.c_ulong(a & (1 << 64) - 1) for a in arguments])
            def machine(*code):
                page = mmap.mmap(-1, 4096)
                page.write(bytes(code) + bytes([0x31, 0xC0, 0xC3]))
                return ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
            """;

    private static final Predicate<Outcome> KILLED = Outcome.Killed.class::isInstance;

    private static Predicate<Outcome> result(String json) {
        return outcome -> outcome.equals(new Outcome.Result(json));
    }

    private static Predicate<Outcome> raises(String text) {
        return outcome -> outcome instanceof Outcome.Failed failed && failed.traceback().contains(text);
    }

    private static HostileProgram body(String name, Predicate<Outcome> ends, String body) {
        return new HostileProgram(name, TOOLS + "def handler(event, etl):\n    " + body.replace("\n", "\n    ") + "\n",
                "\"" + SECRET + "\"", ends);
    }

    private static HostileProgram code(String name, Predicate<Outcome> ends, String code) {
        return body(name, ends, "return machine(" + code + ")");
    }

    /** All of them. */
    public static List<HostileProgram> all() {
        return Stream.of(memory(), instructions(), processor(), systemCalls(), wildCalls(), paths(), answers()).flatMap(List::stream).toList();
    }

    /** Wild pointers, writes to the tables of the processor, bombs of memory. */
    public static List<HostileProgram> memory() {
        return List.of(
                body("read a null pointer", KILLED, "return ctypes.string_at(1, 8).hex()"),
                body("read where no memory is", KILLED, "return ctypes.string_at(0x3FFFF000, 8).hex()"),
                body("read an address without translation", KILLED, "return ctypes.string_at(0x7FFFFFFFF000, 8).hex()"),
                body("read a non-canonical address", KILLED, "return ctypes.string_at(1 << 63, 8).hex()"),
                body("write to the page tables", KILLED, "ctypes.memset(0x1000, 255, 8)"),
                body("write to a page directory", KILLED, "ctypes.memset(0x10000, 0, 4096)"),
                body("write to the descriptor table", KILLED, "ctypes.memset(0x3000, 255, 64)"),
                body("write to the interrupt table", KILLED, "ctypes.memset(0x5000, 255, 4096)"),
                body("write to the system call stub", KILLED, "ctypes.memset(0x6000, 0x90, 16)"),
                body("read the exception stack", KILLED, "return ctypes.string_at(0xE000, 4096).hex()"),
                body("jump into the system call stub", KILLED, "return ctypes.CFUNCTYPE(ctypes.c_long)(0x6000)()"),
                body("jump behind the stub's OUT", KILLED, "return ctypes.CFUNCTYPE(ctypes.c_long)(0x6002)()"),
                body("jump into the exception stubs", KILLED, "return ctypes.CFUNCTYPE(ctypes.c_long)(0x7000)()"),
                body("overwrite all of its own memory", KILLED, "ctypes.memset(0x400000, 0xCC, 60 << 20)"),
                body("overwrite the interpreter", KILLED, "ctypes.memset(0x500000, 0xCC, 8)"),
                body("have the interpreter overwritten", raises("Bad address"),
                        "fd = os.open('/usf/runner.py', 0)\nif syscall(0, fd, 0x500000, 8) == -1:\n"
                        + "    raise OSError(14, 'Bad address')\nreturn 0"),
                body("destroy None", outcome -> true, "ctypes.memset(id(None), 0, 16)\nreturn [None] * 3"),
                body("fill its heap with rubbish", KILLED,
                        "end = syscall(12, 0)\nctypes.memset(end - (1 << 20), 0x41, 1 << 20)\nreturn [str(i) for i in "
                        + "range(99999)]"),
                body("give all of its memory back", outcome -> true,
                        "syscall(11, 0xB00000, 48 << 20)\nreturn [bytes(5000) for i in range(9000)]"),
                body("take its heap away", outcome -> true,
                        "syscall(12, 0xB00000 + 4096)\nreturn [str(i) for i in range(9)]"),
                body("move its thread pointer", KILLED, "syscall(158, 0x1002, 0x300000)\nreturn str(event)"),
                body("exhaust the stack", KILLED,
                        "sys.setrecursionlimit(1 << 30)\nclass A:\n    def __repr__(self):\n        return repr(self)\n"
                        + "return repr(A())"),
                body("allocate without end", raises("MemoryError").or(KILLED),
                        "keep = []\nwhile True:\n    keep.append(SECRET * 1000 + str(len(keep)))"),
                body("allocate more than there is", raises("MemoryError"), "return len(bytearray(1 << 40))"));
    }

    /** Ports, privileged instructions, endless loops. */
    public static List<HostileProgram> instructions() {
        return List.of(
                code("forge a system call", KILLED, "0xB8, 60, 0, 0, 0, 0xE7, 0x10"),
                code("write to the serial port", KILLED, "0x66, 0xBA, 0xF8, 0x03, 0xEE"),
                code("write to the PCI ports", KILLED, "0x66, 0xBA, 0xF8, 0x0C, 0xEF"),
                code("write to the highest port", KILLED, "0x66, 0xBA, 0xFF, 0xFF, 0xEE"),
                code("read the keyboard", KILLED, "0xE4, 0x60"),
                code("write a string to a port", KILLED, "0xB9, 0xFF, 0xFF, 0, 0, 0x66, 0xBA, 0x10, 0, 0xF3, 0x6E"),
                code("read a string from a port", KILLED,
                        "0xB9, 0x10, 0, 0, 0, 0xBF, 0, 0, 0x80, 0, 0x66, 0xBA, 0x10, 0, 0xF3, 0x6C"),
                code("halt", KILLED, "0xF4"),
                code("load a descriptor table", KILLED, "0x0F, 0x01, 0x14, 0x24"),
                code("write a model-specific register", KILLED, "0xB9, 0x82, 0, 0, 0xC0, 0x0F, 0x30"),
                code("write a control register", KILLED, "0x0F, 0x22, 0xD8"),
                code("invalidate caches", KILLED, "0x0F, 0x08"),
                code("switch vector state", KILLED, "0x31, 0xC9, 0x0F, 0x01, 0xD1"),
                code("swap GS", KILLED, "0x0F, 0x01, 0xF8"),
                code("return to the kernel", KILLED, "0x48, 0x0F, 0x07"),
                code("enter the old way", KILLED, "0x0F, 0x34"),
                code("raise interrupt 0x80", KILLED, "0xCD, 0x80"),
                code("raise a breakpoint", KILLED, "0xCC"),
                code("single-step itself", outcome -> true, "0x9C, 0x81, 0x0C, 0x24, 0, 1, 0, 0, 0x9D"),
                code("forbid interrupts and loop", KILLED, "0xFA, 0xEB, 0xFE"),
                code("loop for ever", KILLED, "0xEB, 0xFE"),
                code("call the hypervisor", outcome -> true, "0x0F, 0x01, 0xC1"));
    }

    /** State of the processor that user mode can change, ways out of user mode, and memory that is none met in odd ways. */
    public static List<HostileProgram> processor() {
        String here = "0xE8, 0, 0, 0, 0, 0x58, 0x48, 0x83, 0xC0, 0x0A, "; // the address ten bytes behind this goes into RAX
        return List.of(
                code("a system call without a stack", result("0"),
                        "0x49, 0x89, 0xE0, 0x31, 0xE4, 0xB8, 39, 0, 0, 0, 0x0F, 5, 0x4C, 0x89, 0xC4"),
                code("a system call with a stack at no address", result("0"), "0x49, 0x89, 0xE0, 0x48, 0xBC, 0, 0, 0, 0, 0, 0, 0, 0x80, "
                        + "0xB8, 39, 0, 0, 0, 0x0F, 5, 0x4C, 0x89, 0xC4"),
                code("an exception with a stack at no address", KILLED, "0x48, 0xBC, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xCC"),
                code("push where no memory is", KILLED, "0xBC, 0, 0xF0, 0xFF, 0x3F, 0x50"),
                code("copy to where no memory is", KILLED, "0xBF, 0, 0xF0, 0xFF, 0x3F, 0xB9, 0xFF, 0xFF, 0, 0, 0xF3, 0xA4"),
                body("run where no memory is", KILLED, "return ctypes.CFUNCTYPE(ctypes.c_long)(0x3FFFF000)()"),
                body("run over the end of memory", KILLED,
                        "end = (64 << 20) - 1\nctypes.memset(end, 0x0F, 1)\nreturn ctypes.CFUNCTYPE(ctypes.c_long)(end)()"),
                body("call a kernel's page for everybody", KILLED, "return ctypes.CFUNCTYPE(ctypes.c_long)(0xFFFFFFFFFF600000)()"),
                body("read a kernel's memory", KILLED, "return ctypes.string_at(0xFFFF888000000000, 8).hex()"),
                body("read a kernel's text", KILLED, "return ctypes.string_at(0xFFFFFFFF81000000, 8).hex()"),
                code("leave the direction turned round", outcome -> true, "0xFD"),
                code("ask for aligned addresses", outcome -> true, "0x9C, 0x81, 0x0C, 0x24, 0, 0, 4, 0, 0x9D"),
                code("ask for ports by the flags", outcome -> true, "0x9C, 0x81, 0x0C, 0x24, 0, 0x30, 0, 0, 0x9D, 0xE6, 0x80"),
                code("step into a system call", outcome -> true,
                        "0xB8, 39, 0, 0, 0, 0x9C, 0x81, 0x0C, 0x24, 0, 1, 0, 0, 0x9D, 0x0F, 5"),
                code("leave vector and floating point registers full", result("0"),
                        "*[b for i in range(8) for b in (0x66, 0x0F, 0x76, 0xC0 | i * 9)], *[0xD9, 0xEB] * 8"),
                code("leave another way of rounding", outcome -> true, "0x68, 0x80, 0x7F, 0, 0, 0x0F, 0xAE, 0x14, 0x24, 0xD9, 0x2C, 0x24, 0x58"),
                code("load a null segment", outcome -> true, "0x31, 0xC0, 0x8E, 0xE0, 0x8E, 0xE8, 0x8E, 0xD8"),
                code("write the thread's base itself", outcome -> true, "0x31, 0xC0, 0xF3, 0x48, 0x0F, 0xAE, 0xD0"),
                code("return to a kernel's segment", KILLED, "0x6A, 8, 0x68, 0, 0x60, 0, 0, 0x48, 0xCB"),
                code("return from an interrupt that was none", KILLED, "0x6A, 0x10, 0x54, 0x9C, 0x6A, 8, 0x68, 0, 0x60, 0, 0, 0x48, 0xCF"),
                code("make an old system call in 32 bits", KILLED,
                        here + "0x6A, 0x23, 0x50, 0x48, 0xCB, 0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xEB, 0xFE"),
                code("make a system call in 32 bits", KILLED, here + "0x6A, 0x23, 0x50, 0x48, 0xCB, 0xB8, 20, 0, 0, 0, 0x0F, 5, 0xEB, 0xFE"),
                code("go to a host's segment", outcome -> true, here + "0x6A, 0x33, 0x50, 0x48, 0xCB"),
                code("a breakpoint behind a new stack segment", KILLED, "0x8C, 0xD0, 0x8E, 0xD0, 0xCC"),
                code("write a debug register", KILLED, "0x0F, 0x23, 0xF8"),
                code("read a model-specific register", KILLED, "0xB9, 0x1B, 0, 0, 0, 0x0F, 0x32"),
                code("read a performance counter", KILLED, "0x31, 0xC9, 0x0F, 0x33"),
                code("load a local descriptor table", KILLED, "0x31, 0xC0, 0x0F, 0, 0xD0"),
                code("leave system management", KILLED, "0x0F, 0xAA"),
                code("wait for a write", outcome -> true, "0x31, 0xC9, 0x31, 0xD2, 0x54, 0x58, 0x0F, 1, 0xC8, 0x0F, 1, 0xC9"),
                code("a locked instruction that takes no lock", KILLED, "0xF0, 0x0F, 0xC7, 0xC8"),
                code("the exception for emulators", KILLED, "0xF1"),
                code("ask what the processor is without end", KILLED, "0x31, 0xC0, 0x0F, 0xA2, 0xEB, 0xFA"));
    }

    /** System calls that hold their arguments against what the process has, and what lasts over calls. */
    public static List<HostileProgram> wildCalls() {
        return List.of(
                body("map over what is not its own", result("\"alive\""),
                        "fd = os.open('/usf/runner.py', 0)\nfor a in (0x1000, 0x6000, 0x10000, 0x200000, 0x400000, (64 << 20) - 4096, 64 <<"
                        + " 20, 4 << 30, "
                        + "1 << 47, 1 << 63, (1 << 64) - 4096):\n    for n in (4096, 64 << 20, 1 << 62, 1 << 63, (1 << 64) - 1):\n"
                        + "        assert syscall(9, a, n, 7, 0x32, -1, 0) == -1\n        assert syscall(9, a, n, 7, 0x12, fd, 0) == -1\n"
                        + "        syscall(25, a, n, 4096, 1)\n        syscall(25, a, 4096, n, 3, a)\nreturn 'alive'"),
                body("give every page back", outcome -> true,
                        "for page in range(0x400000, 60 << 20, 4096):\n    syscall(11, page, 4096)\nreturn [str(i) * 50 for i in range(9999)]"),
                body("move its heap's pages about", outcome -> true,
                        "end = syscall(12, 0)\nfor page in range(end, 60 << 20, 4096):\n    syscall(25, page, 4096, 8192, 1)\n"
                        + "return [str(i) * 50 for i in range(9999)]"),
                body("move the end of the heap about", outcome -> true, "end = syscall(12, 0)\nfor i in range(1, 2000):\n"
                        + "    syscall(12, end + i * 40961)\n    syscall(12, end - i)\nreturn [bytes(5000) for i in range(99)]"),
                body("vectors at the end of memory", result("\"alive\""),
                        "for fd in range(6):\n    for call in (19, 20):\n        for n in (1, 2, 1024, 1025, 1 << 31, -1):\n"
                        + "            assert syscall(call, fd, (64 << 20) - 8, n) == -1\nreturn 'alive'"),
                body("a thousand times all of its memory", outcome -> true,
                        "import struct\nvector = ctypes.create_string_buffer(struct.pack('<QQ', 0x400000, 60 << 20) * 1024)\n"
                        + "null, own = os.open('/dev/null', 1), os.open('/tmp/x', os.O_RDWR | os.O_CREAT)\n"
                        + "return [syscall(20, fd, ctypes.addressof(vector), 1024) for fd in (null, own, 5, 1)]"),
                body("more bytes than there are numbers", result("\"alive\""),
                        "import struct\nvector = ctypes.create_string_buffer(struct.pack('<QQ', 0, (1 << 62) - 1) * 8)\n"
                        + "fd = os.open('/dev/null', 1)\nsyscall(20, fd, ctypes.addressof(vector), 8)\nreturn 'alive'"),
                body("wait at wild addresses", result("\"alive\""),
                        "for p in (0, 0x1000, 64 << 20, (64 << 20) - 2, 1 << 62, 1 << 63):\n    for op in (0, 9, 0x80, 0x109):\n"
                        + "        assert syscall(202, p, op, 0, 0) == -1\n        word = ctypes.create_string_buffer(8)\n"
                        + "        assert syscall(202, ctypes.addressof(word), op, 0, p or 1) == -1\nreturn 'alive'"),
                body("wait for nobody", KILLED, "word = ctypes.create_string_buffer(8)\nsyscall(202, ctypes.addressof(word), 0, 0, 0)"),
                body("sleep longer than there is time", KILLED,
                        "import struct\ntime = ctypes.create_string_buffer(struct.pack('<qq', (1 << 63) - 1, 999999999))\nsyscall(35,"
                        + " ctypes.addressof(time))"),
                body("be in a directory that is gone", raises("FileNotFoundError"),
                        "os.mkdir('/tmp/' + SECRET)\nos.chdir('/tmp/' + SECRET)\nos.rmdir('/tmp/' + SECRET)\nopen('x', 'w')"),
                body("go down without end", raises("File name too long"),
                        "os.chdir('/tmp')\nwhile True:\n    os.mkdir('d' * 255)\n    os.chdir('d' * 255)"),
                body("leave a directory, times and a lock", result("0"), "import fcntl\nos.chdir('/tmp')\nwith open(SECRET, 'w') as f:\n"
                        + "    fcntl.lockf(f, fcntl.LOCK_EX)\n    os.utime(SECRET, (1 << 62, -(1 << 62)))\n    os.chmod(SECRET, 0)\nreturn 0"),
                body("two names that are no text", raises("Errno 84"),
                        "open(b'/tmp/\\xff', 'w').write('1')\nopen(b'/tmp/\\xfe', 'w').write('2')\nreturn open(b'/tmp/\\xff').read()"),
                body("urls that are none, or of others", result("[]"), "fetched = []\nfor url in ['', 'http:', 'http://', 'http:///x',"
                        + " '//127.0.0.1/', "
                        + "'file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/', 'javascript:0', 'http://a:b@127.0.0.1/',"
                        + " 'http://127.0.0.1:80@x/', "
                        + "'http://127.0.0.1:0/', 'http://127.0.0.1:99999/', 'http://127.0.0.1:-1/', 'http://127.0.0.1:99999999999999999999/', "
                        + "'http://127.0.0.1\\r\\nX: y/', 'http://127.0.0.1/\\r\\nHost: x', 'http://127.0.0.1/\\x00', 'http://[::1]/',"
                        + " 'http://[::1', "
                        + "'http://[::ffff:127.0.0.1]/', 'http://2130706433/', 'http://0x7f.1/', 'http://LOCALHOST/', 'http://localhost./', "
                        + "'http://127.0.0.1\\\\@x/', ' http://127.0.0.1/', 'http://\\u2100/', 'http://127.0.0.1/' + 'x' * 2000]:\n"
                        + "    for call in (etl.get, etl.file, lambda url: etl.post(url, b'x' * 100000)):\n        try:\n            call(url)\n"
                        + "            fetched.append(url)\n        except OSError as error:\n"
                        + "            if type(error).__name__ != 'EtlError':\n                fetched.append(repr(error))\nreturn fetched"));
    }

    /** System calls with wild arguments, or that ask for what there is not. */
    public static List<HostileProgram> systemCalls() {
        String wild = "WILD = [0, 1, 0x1000, 0x6000, 0x1FFFFF, 64 << 20, (64 << 20) - 1, 1 << 31, 1 << 32, 1 << 62,"
                + " (1 << 63) - 1, 1 << 63, (1 << 64) - 4096, (1 << 64) - 1]\n";
        return List.of(
                body("every system call with wild arguments", result("\"alive\""), wild
                        + "quiet = {0, 3, 9, 11, 12, 15, 25, 28, 32, 33, 35, 60, 62, 72, 158, 230, 231, 234, 292}\n"
                        + "for number in set(range(450)) - quiet:\n"
                        + "    for a, b in [(0, 5), (3, 11), (7, 12), (9, 13)]:\n"
                        + "        syscall(number, WILD[a], WILD[b], WILD[a], WILD[b], WILD[a], WILD[b])\n"
                        + "for number in (-1, 512, 1 << 31, 1 << 40, 1 << 62):\n"
                        + "    assert syscall(number, 0) == -1\n"
                        + "return 'alive'"),
                body("wild pointers to open files", result("\"alive\""), wild
                        + "for fd in range(8):\n    for p in WILD:\n"
                        + "        for n in (1 << 20, 1 << 62, (1 << 64) - 1):\n"
                        + "            assert syscall(1, fd, p, n) == -1 or fd == 0\n"
                        + "            syscall(5, fd, p)\n"
                        + "            syscall(217, fd, p, n)\n            syscall(16, fd, 1, p)\n"
                        + "            syscall(16, fd, 2, p)\n            syscall(20, fd, p, n)\n"
                        + "            assert syscall(17, fd, p, n, 0) == -1\n"
                        + "return 'alive'"),
                body("wild vectors", result("\"alive\""), wild
                        + "import struct\n"
                        + "for p in WILD:\n    for n in WILD:\n        if n and n < 1 << 63 or n > 1 << 63:\n"
                        + "            vector = ctypes.create_string_buffer(struct.pack('<QQQQ', p, n, p, n))\n"
                        + "            for fd in (1, 4, 5):\n"
                        + "                if not (0x400000 <= p < 64 << 20) and n != 0:\n"
                        + "                    assert syscall(20, fd, ctypes.addressof(vector), 2) == -1\n"
                        + "return 'alive'"),
                body("a url that lies about its length", result("\"alive\""),
                        "import struct\n"
                        + "for n in (-1, 1001, 1 << 30, -(1 << 31)):\n"
                        + "    buffer = ctypes.create_string_buffer(struct.pack('<IiQQ', 0, n, 0, 0), 1024)\n"
                        + "    assert syscall(16, 5, 1, ctypes.addressof(buffer)) == -1\n"
                        + "return 'alive'"),
                body("wait for another function", KILLED, "return len(os.read(3, 100))"),
                body("close everything", KILLED, "os.closerange(0, 256)"),
                body("open files without end", raises("Too many open files"), "while True:\n    os.open('/', 0)"),
                body("kill the first process", KILLED, "os.kill(1, 9)"),
                body("abort", KILLED, "os.abort()"),
                body("exit", KILLED, "os._exit(0)"),
                body("fork", raises("OSError"), "os.fork()"),
                body("start a program", raises("Error"), "import subprocess\nreturn subprocess.run(['/bin/sh'])"),
                body("start a thread", raises("can't start new thread"),
                        "import threading\nthreading.Thread(target=print).start()"),
                body("open a socket", raises("OSError"), "import socket\nsocket.socket()"),
                body("sleep for ever", KILLED, "import time\ntime.sleep(1e9)"),
                body("spin in system calls", KILLED, "while True:\n    os.getpid()"));
    }

    /** Paths out of the file tree, and files without end. */
    public static List<HostileProgram> paths() {
        return List.of(
                body("leave the file tree", result("[]"),
                        "found = []\nfor path in ['/etc/passwd', '../../../../etc/passwd', '/usr/../etc/shadow', "
                        + "'/proc/self/mem', '/proc/1/environ', '/dev/mem', '/dev/kvm', '/sys/kernel', "
                        + "'/root', '/home', "
                        + "'/usr/lib/python3.11/../../../etc/hostname', '//etc//passwd', '/./etc/./passwd']:\n"
                        + "    if os.path.exists(path):\n        found.append(path)\n"
                        + "    try:\n        os.open(path, 0)\n"
                        + "        found.append(path)\n    except OSError:\n        pass\nreturn found"),
                body("keep a secret in a file", result("19"), "open('/tmp/' + SECRET, 'w').write(SECRET)\n"
                        + "return os.stat('/tmp/' + SECRET).st_size"),
                body("a file without end", raises("No space left on device"),
                        "with open('/tmp/x', 'wb') as f:\n    while True:\n        f.write(b'x' * 100000)"),
                body("files without end", raises("No space left on device"),
                        "for i in range(100000):\n    os.close(os.open('/tmp/%d' % i, os.O_CREAT | os.O_WRONLY))"),
                body("a file with a hole of a TiB", raises("No space left on device"),
                        "f = os.open('/tmp/x', os.O_RDWR | os.O_CREAT)\nos.lseek(f, 1 << 40, 0)\nos.write(f, b'x')"),
                body("give a file's memory away twice", result("true"),
                        "f = os.open('/tmp/x', os.O_RDWR | os.O_CREAT)\nos.write(f, b'x' * 5000)\n"
                        + "for page in range(0x400000, 58 << 20, 4096):\n"
                        + "    if bytes(ctypes.string_at(page, 8)) == b'x' * 8:\n        syscall(11, page, 8192)\n"
                        + "os.write(f, b'y' * 300000)\nos.ftruncate(f, 3)\nos.unlink('/tmp/x')\nos.close(f)\n"
                        + "return True"),
                body("overwrite the runner", raises("Read-only file system"), "open('/usf/runner.py', 'w')"),
                body("a path without end", raises("File name too long"), "os.open('/' + 'x' * 100000, 0)"),
                body("a path of ten thousand steps", raises("FileNotFoundError"), "os.open('/usr/..' * 500 + '/x', 0)"),
                body("a path that is no text", raises("FileNotFoundError"), "os.open(b'/\\xff\\xfe\\x80', 0)"));
    }

    /** Answers, output and sources that are too large or not what they should be. */
    public static List<HostileProgram> answers() {
        return List.of(
                body("print without end", KILLED, "while True:\n    print('x' * 100000)"),
                body("return more than it may", outcome -> !(outcome instanceof Outcome.Result),
                        "return 'x' * (20 << 20)"),
                body("answer twice", result("\"first\""), "os.write(4, b'R\"first\"')\nreturn 'second'"),
                body("answer nothing", KILLED, "os.write(4, b'')"),
                body("answer rubbish", outcome -> outcome instanceof Outcome.Failed, "os.write(4, b'\\xff\\xfe\\x00')"),
                body("return what is no JSON", raises("TypeError"), "return {1, 2}"),
                body("return a circle", raises("Circular reference"), "a = []\na.append(a)\nreturn a"),
                body("return a number that is none", raises("ValueError"), "return float('inf')"),
                body("exit politely", raises("SystemExit"), "sys.exit(0)"),
                body("raise what cannot be shown", outcome -> outcome instanceof Outcome.Failed,
                        "class Bad(BaseException):\n    def __str__(self):\n        raise Bad()\n"
                        + "    __repr__ = __str__\n"
                        + "raise Bad()"),
                body("break the runner's tools", outcome -> true,
                        "import builtins\njson.dumps = None\nos.write = None\n"
                        + "builtins.len = None\nsys.modules.clear()"),
                body("close standard output", outcome -> true, "sys.stdout.close()\nsys.stdout = None\nreturn 0"),
                new HostileProgram("fail while it is read", "raise KeyboardInterrupt('" + SECRET + "')", "1",
                        raises("KeyboardInterrupt")),
                new HostileProgram("be no Python", "\u0000\ud800}{", "1",
                        outcome -> outcome instanceof Outcome.Failed),
                new HostileProgram("be nested beyond the parser", "(".repeat(100_000), "1",
                        outcome -> outcome instanceof Outcome.Failed),
                new HostileProgram("an event of 100 MB", "def handler(event, etl):\n    return 1\n",
                        "\"" + "x".repeat(100_000_000) + "\"", outcome -> outcome instanceof Outcome.Refused),
                new HostileProgram("an event nested beyond the parser", "def handler(event, etl):\n    return 1\n",
                        "[".repeat(500_000), raises("RecursionError")));
    }
}
