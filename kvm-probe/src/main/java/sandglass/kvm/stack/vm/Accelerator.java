package sandglass.kvm.stack.vm;

import java.util.Locale;

/**
 * What carries out a guest's instructions on this host, found out by booting a machine once.
 *
 * @param kind   KVM, or QEMU's translator
 * @param tscKhz what a guest must take the time stamp counter's frequency for; 0 if it can find out by itself
 * @param bootNs how long that machine took from QEMU's start until it was ready
 * @param reason why it is not KVM; empty if it is
 */
record Accelerator(Kind kind, long tscKhz, long bootNs, String reason) {

    /** The two that QEMU has on Linux. */
    enum Kind {
        KVM("host"), TCG("max");

        private final String processor;

        Kind(String processor) {
            this.processor = processor;
        }

        /** As QEMU and the fingerprint name it. */
        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The processor that a guest sees. */
    String processor() {
        return kind.processor;
    }
}
