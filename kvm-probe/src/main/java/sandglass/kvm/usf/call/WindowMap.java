package sandglass.kvm.usf.call;

import sandglass.kvm.usf.cpu.GuestLayout;

/** The window as a file: one that can be mapped, and is filled by GET. */
final class WindowMap {

    static final long SIZE_BYTES = GuestLayout.WINDOW_END - GuestLayout.WINDOW_START;

    private WindowMap() {
    }
}
