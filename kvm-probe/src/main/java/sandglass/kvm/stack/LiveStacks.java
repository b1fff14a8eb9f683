package sandglass.kvm.stack;

import java.util.List;
import java.util.function.LongSupplier;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.KvmUnavailableException;
import sandglass.run.UnsupportedHereException;

/** The real stacks by name. */
public final class LiveStacks {

    /** The stacks that this program can run for real. */
    public static final List<String> NAMES = List.of("usetl", "process");

    private LiveStacks() {
    }

    /**
     * Prepares a stack; for {@code usetl} that boots and freezes a template.
     *
     * @throws UnsupportedHereException if this host or this program cannot run it
     */
    public static LiveStack open(String name, LiveConfig config, LongSupplier clockNs) throws UnsupportedHereException {
        try {
            return switch (name) {
                case "usetl" -> new UsetlStack(usfConfig(config), clockNs);
                case "process" -> new ProcessStack(config, clockNs);
                default -> throw new UnsupportedHereException("the stack '" + name + "' cannot be run for real, only "
                        + String.join(" and ", NAMES), "simulate it: sandglass run FILE.yaml --executor sim");
            };
        } catch (KvmUnavailableException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says what is missing and how to get it; "
                    + "the stack 'process' needs no KVM");
        } catch (PythonImage.MissingRuntimeException e) {
            throw new UnsupportedHereException(e.getMessage(), "sudo apt-get install -y python3");
        }
    }

    static UsfConfig usfConfig(LiveConfig config) {
        return UsfConfig.defaults().withRamBytes(config.memoryBytes()).withTimeLimit(config.timeLimit())
                .withAllowedHosts(config.allowedHosts()).withMaxDocumentBytes(config.maxDocumentBytes());
    }
}
