package sandglass.kvm.stack;

import java.util.Map;
import java.util.function.LongSupplier;
import sandglass.kvm.usf.Usf;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;

/** Unikernels cloned from one template. */
public final class UsetlStack implements LiveStack {

    private final UsfFactory factory;
    private final UsfPool pool;
    private final LongSupplier clockNs;

    /**
     * Boots, warms and freezes the template.
     *
     * @throws sandglass.kvm.vm.KvmUnavailableException                   without a usable KVM
     * @throws sandglass.kvm.usf.file.PythonImage.MissingRuntimeException without a usable Python
     */
    public UsetlStack(UsfConfig config, LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.factory = new UsfFactory(config, clockNs);
        this.pool = new UsfPool(factory, clockNs);
    }

    @Override
    public String name() {
        return "usetl";
    }

    @Override
    public UsetlSandbox create() {
        long startNs = clockNs.getAsLong();
        Usf usf = factory.create();
        return new UsetlSandbox(usf, pool, factory.systemCalls(), clockNs.getAsLong() - startNs);
    }

    @Override
    public Map<String, Long> preparationNs() {
        return Map.of("template", factory.buildNs());
    }

    @Override
    public Map<String, String> unsupported() {
        return Map.of();
    }

    @Override
    public void close() {
        pool.close();
        factory.close();
    }
}
