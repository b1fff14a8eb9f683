package sandglass.kvm.sys;

import jnr.ffi.Pointer;

/**
 * The C library's functions for starting a program, posix_spawn(3), as jnr-ffi binds them. They return an error number instead of setting it.
 * Public for the same reason as {@link LibC}: everybody else calls {@link ChildProcess}.
 */
public interface LibCSpawn {

    // Safe: the address of two ints, which are written.
    int pipe2(Pointer ends, int flags);

    // Safe: the address of an int, a path that jnr-ffi keeps alive for the length of the call, initialised actions and attributes, and
    // two tables of addresses that end with null, which the callee copies.
    int posix_spawn(Pointer pid, String path, Pointer actions, Pointer attributes, Pointer arguments, Pointer environment);

    // Safe: the address of what is at least as long as a posix_spawn_file_actions_t (80 bytes in glibc and musl on x86-64).
    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_destroy(Pointer actions);

    // Safe: initialised actions and plain numbers; strings are copied.
    int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    int posix_spawn_file_actions_addopen(Pointer actions, int fd, String path, int flags, int mode);

    int posix_spawn_file_actions_addchdir_np(Pointer actions, String path);

    int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int fd);

    // Safe: the address of what is at least as long as a posix_spawnattr_t (336 bytes in glibc and musl on x86-64).
    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setpgroup(Pointer attributes, int group);
}
