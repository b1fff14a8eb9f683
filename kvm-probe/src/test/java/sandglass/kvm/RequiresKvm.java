package sandglass.kvm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import sandglass.kvm.vm.Capability;
import sandglass.kvm.vm.Kvm;
import sandglass.kvm.vm.KvmUnavailableException;

/** A test that runs a virtual machine: tagged {@code kvm}, and skipped with the reason where that is impossible. */
@Tag("kvm")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresKvm.Condition.class)
public @interface RequiresKvm {

    /** Asks the host. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try (Kvm kvm = Kvm.open()) {
                return ConditionEvaluationResult.enabled("/dev/kvm, synchronised registers "
                        + kvm.check(Capability.SYNC_REGS));
            } catch (KvmUnavailableException e) {
                System.out.println("SKIPPED " + context.getDisplayName() + ": " + e.getMessage());
                return ConditionEvaluationResult.disabled(e.getMessage());
            }
        }
    }
}
