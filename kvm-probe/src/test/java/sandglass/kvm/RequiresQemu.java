package sandglass.kvm;

import java.io.File;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test that boots virtual machines: tagged {@code qemu}, and skipped with the reason where QEMU or a way to a kernel is missing. */
@Tag("qemu")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresQemu.Condition.class)
public @interface RequiresQemu {

    /** Asks the host. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String reason = Stream.of("qemu-system-x86_64", "apt-get", "dpkg").filter(program -> !isThere(program)).findFirst()
                    .map(program -> "no " + program).orElse("");
            if (reason.isEmpty()) {
                return ConditionEvaluationResult.enabled("QEMU");
            }
            System.out.println("SKIPPED " + context.getDisplayName() + ": " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }

        private static boolean isThere(String program) {
            return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(part -> Files.isExecutable(Path.of(part, program)));
        }
    }
}
