package sandglass.kvm;

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

/** A test that makes devices, mounts or groups: tagged {@code root}, and skipped with the reason where it may not. */
@Tag("root")
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRoot.Condition.class)
public @interface RequiresRoot {

    /** Programs that it runs beside. */
    String[] programs() default {};

    /** Asks the host. */
    final class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            String reason = Files.isWritable(Path.of("/proc/sys/kernel/ns_last_pid")) ? missing(context) : "not root";
            if (reason.isEmpty()) {
                return ConditionEvaluationResult.enabled("root");
            }
            System.out.println("SKIPPED " + context.getDisplayName() + ": " + reason);
            return ConditionEvaluationResult.disabled(reason);
        }

        private static String missing(ExtensionContext context) {
            RequiresRoot wanted = context.getElement().map(element -> element.getAnnotation(RequiresRoot.class)).orElse(null);
            return wanted == null ? "" : Stream.of(wanted.programs()).filter(program -> Stream.of("/usr/bin", "/usr/sbin", "/bin", "/sbin")
                    .noneMatch(directory -> Files.isExecutable(Path.of(directory, program)))).map(program -> "no " + program)
                    .findFirst().orElse("");
        }
    }
}
