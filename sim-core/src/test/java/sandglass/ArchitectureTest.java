package sandglass;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/** Oracle: the written direction of dependencies. The simulator's parts know only what stands below them. */
@AnalyzeClasses(packages = "sandglass", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest static final ArchRule UNIT = mayUse("unit");
    @ArchTest static final ArchRule SCENARIO = mayUse("scenario", "unit");
    @ArchTest static final ArchRule RESULT = mayUse("result", "scenario", "unit");
    @ArchTest static final ArchRule CALIBRATION = mayUse("calibration", "unit");
    @ArchTest static final ArchRule RUN = mayUse("run", "result", "scenario", "unit");
    @ArchTest static final ArchRule PLATFORM = mayUse("platform", "result", "scenario", "unit");
    @ArchTest static final ArchRule POLICY = mayUse("policy", "platform", "scenario", "unit");
    @ArchTest static final ArchRule DES = mayUse("des", "platform", "scenario", "unit");
    @ArchTest static final ArchRule MODEL = mayUse("model", "des", "calibration", "platform", "result", "scenario", "unit");
    @ArchTest static final ArchRule SIM =
            mayUse("sim", "model", "policy", "platform", "run", "des", "calibration", "result", "scenario", "unit");

    @ArchTest
    static final ArchRule NOBODY_READS_THE_CLOCK = noClasses().that().resideInAnyPackage("sandglass.model..", "sandglass.des..",
            "sandglass.platform..", "sandglass.policy..", "sandglass.result..", "sandglass.scenario..", "sandglass.unit..")
            .should().callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule NO_FILES = noClasses().that().resideInAnyPackage("sandglass.model..", "sandglass.des..", "sandglass.platform..",
            "sandglass.policy..", "sandglass.result..", "sandglass.scenario..", "sandglass.unit..", "sandglass.calibration..")
            .should().dependOnClassesThat().resideInAnyPackage("java.nio.file..");

    private static ArchRule mayUse(String own, String... others) {
        String[] allowed = Stream.concat(Stream.of(own), Stream.of(others)).map(name -> "sandglass." + name + "..").toArray(String[]::new);
        return classes().that(resideInAPackage("sandglass." + own + "..")).should().onlyDependOnClassesThat(
                resideInAnyPackage(allowed).or(not(resideInAPackage("sandglass.."))));
    }
}
