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
import sandglass.kvm.doctor.CriuProgram;
import sandglass.run.UnsupportedHereException;

/** A test that checkpoints and restores: tagged {@code criu}, and skipped with the reason where no CRIU works on this host. */
@Tag("criu")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@RequiresRoot
@ExtendWith(RequiresCriu.Condition.class)
public @interface RequiresCriu {

    /** Asks the host. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try {
                return ConditionEvaluationResult.enabled(CriuProgram.ofThisHost().find().toString());
            } catch (UnsupportedHereException e) {
                System.out.println("SKIPPED " + context.getDisplayName() + ": " + e.getMessage() + "; " + e.remedy());
                return ConditionEvaluationResult.disabled(e.getMessage());
            }
        }
    }
}
