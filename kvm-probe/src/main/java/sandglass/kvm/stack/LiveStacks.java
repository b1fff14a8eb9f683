package sandglass.kvm.stack;

import java.util.List;
import java.util.function.LongSupplier;
import sandglass.kvm.leftovers.Journal;
import sandglass.kvm.stack.vm.VmStack;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.file.PythonImage;
import sandglass.kvm.vm.KvmUnavailableException;
import sandglass.run.UnsupportedHereException;

/** The real stacks by name. */
public final class LiveStacks {

    /** The stacks that this program can run for real. */
    public static final List<String> NAMES = List.of("usetl", "process", "container", "zygote", "criu", "vm", "vm-snapshot");

    private LiveStacks() {
    }

    /**
     * Prepares a stack, after removing what killed processes of this program left on the host; for {@code usetl} that boots and
     * freezes a template.
     *
     * @throws UnsupportedHereException if this host or this program cannot run it
     */
    public static LiveStack open(String name, LiveConfig config, LongSupplier clockNs) throws UnsupportedHereException {
        boolean opened = false;
        Journal journal = Journal.open();
        try {
            LiveStack stack = switch (name) {
                case "usetl" -> new UsetlStack(new UsfFactory(usfConfig(config), clockNs), config.pollNs(), config.memory(), clockNs);
                case "process" -> new ProcessStack(config, clockNs, journal);
                case "container" -> new ContainerStack(config, clockNs, journal);
                case "zygote" -> LeanStack.zygote(config, clockNs, journal);
                case "criu" -> LeanStack.criu(config, clockNs, journal);
                case "vm" -> new VmStack(false, config, clockNs, journal);
                case "vm-snapshot" -> new VmStack(true, config, clockNs, journal);
                default -> throw new UnsupportedHereException("the stack '" + name + "' cannot be run for real, only "
                        + String.join(" and ", NAMES), "simulate it: sandglass run FILE.yaml --executor sim");
            };
            opened = true;
            return stack;
        } catch (KvmUnavailableException e) {
            throw new UnsupportedHereException(e.getMessage(), "'sandglass doctor' says what is missing and how to get it; "
                    + "the stack 'process' needs no KVM");
        } catch (PythonImage.MissingRuntimeException e) {
            throw new UnsupportedHereException(e.getMessage(), "sudo apt-get install -y python3");
        } finally {
            // A unikernel is memory and descriptors, which end with this process.
            if (!opened || name.equals("usetl")) {
                journal.close();
            }
        }
    }

    /** What unikernels are by this configuration. */
    public static UsfConfig usfConfig(LiveConfig config) {
        return UsfConfig.defaults().withRamBytes(config.memoryBytes()).withTimeLimit(config.timeLimit())
                .withAllowedHosts(config.allowedHosts()).withMaxDocumentBytes(config.maxDocumentBytes())
                .withFileLimits(config.maxFiles(), config.maxDescriptors())
                .withPopulation(config.onDemand() && config.memory() == LiveConfig.Memory.BY_CONSTRUCTION
                        ? UsfConfig.Population.LARGE_PAGES : UsfConfig.Population.WRITE_SET);
    }
}
