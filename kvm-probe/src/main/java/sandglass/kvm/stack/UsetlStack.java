package sandglass.kvm.stack;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import sandglass.kvm.usf.Usf;
import sandglass.kvm.usf.UsfConfig;
import sandglass.kvm.usf.UsfFactory;
import sandglass.kvm.usf.UsfPool;
import sandglass.kvm.usf.etl.Poller;
import sandglass.kvm.usf.file.Assignment;
import sandglass.kvm.usf.file.ModuleStore;

/** Unikernels cloned from one template. */
public final class UsetlStack implements LiveStack {

    private final UsfFactory factory;
    private final UsfPool pool;
    /** Null if calls are exits. */
    private final Poller poller;
    private final LongSupplier clockNs;
    private final LiveConfig.Memory memory;
    /** Pages of which each unikernel gets a copy of its own, by number; null if they share them. */
    private final BitSet owned;
    /** One a directory, read when the first function needs it. */
    private final Map<Path, ModuleStore> stores = new ConcurrentHashMap<>();

    /**
     * Boots, warms and freezes the template.
     *
     * @throws sandglass.kvm.vm.KvmUnavailableException                   without a usable KVM
     * @throws sandglass.kvm.usf.file.PythonImage.MissingRuntimeException without a usable Python
     */
    public UsetlStack(UsfConfig config, LongSupplier clockNs) {
        this(new UsfFactory(config, clockNs), clockNs);
    }

    /** Unikernels of a factory, which is closed with the stack. */
    public UsetlStack(UsfFactory factory, LongSupplier clockNs) {
        this(factory, 0, LiveConfig.Memory.BY_CONSTRUCTION, clockNs);
    }

    /** @param pollNs how often the host looks for calls, ns; 0 for calls by exits */
    UsetlStack(UsfFactory factory, long pollNs, LiveConfig.Memory memory, LongSupplier clockNs) {
        this.memory = memory;
        this.owned = memory == LiveConfig.Memory.BY_CONSTRUCTION ? null
                : factory.presentAfter(DescribedWork.source(), DescribedWork.nothing());
        this.clockNs = clockNs;
        this.factory = factory;
        this.pool = new UsfPool(factory, clockNs);
        this.poller = pollNs > 0 ? new Poller(pollNs) : null;
    }

    @Override
    public String name() {
        return "usetl";
    }

    @Override
    public UsetlSandbox create() {
        long startNs = clockNs.getAsLong();
        Usf usf = owned == null ? factory.create() : factory.createOwning(owned, memory == LiveConfig.Memory.MERGEABLE);
        if (poller != null) {
            usf.pollWith(poller);
        }
        return new UsetlSandbox(usf, pool, factory.systemCalls(), this, clockNs.getAsLong() - startNs);
    }

    Assignment assignment(Imports imports) {
        return imports.isEmpty() ? Assignment.NONE
                : Assignment.of(stores.computeIfAbsent(imports.store(), ModuleStore::read).directory(imports.modules()));
    }

    @Override
    public Polling polling() {
        return poller == null ? Polling.NONE : new Polling(poller.lookingNs(), poller.servingNs());
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
        if (poller != null) {
            poller.close();
        }
        factory.close();
        stores.values().forEach(ModuleStore::close);
    }
}
