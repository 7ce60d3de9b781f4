package dev.atelier.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Arrows between packages point down only. */
class ArchitectureTest {
  /** Features of the services module, which know each other and what lies below, never the wire or the server. */
  private static final String[] SERVICES = {"dev.atelier.ecr..", "dev.atelier.entry..", "dev.atelier.hosting..",
    "dev.atelier.identity..", "dev.atelier.jobs..", "dev.atelier.kms..", "dev.atelier.logs..", "dev.atelier.metrics..",
    "dev.atelier.notebook..", "dev.atelier.operation..", "dev.atelier.processing..", "dev.atelier.s3..", "dev.atelier.search..",
    "dev.atelier.segments..", "dev.atelier.studio..", "dev.atelier.tags..", "dev.atelier.training..",
    "dev.atelier.trialmetrics..", "dev.atelier.tuning..", "dev.atelier.usage.."};

  private static JavaClasses all;

  @BeforeAll
  static void read() {
    // the generated records, thousands of them, depend by construction on the models package alone
    Pattern generated = Pattern.compile(".*/dev/atelier/models/[a-z0-9]+/.*");
    all = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.matches(generated)).importPackages("dev.atelier");
    assertThat(all).hasSizeGreaterThan(300);
  }

  @Test
  void kernelNeedsNothing() {
    onlyUses("dev.atelier.kernel..");
  }

  @Test
  void modelsAndWireKnowNoService() {
    onlyUses("dev.atelier.models..", "dev.atelier.kernel..");
    onlyUses("dev.atelier.wire..", "dev.atelier.models..", "dev.atelier.kernel..");
  }

  @Test
  void wireKnowsNoServicesRecords() {
    noClasses().that().resideInAPackage("dev.atelier.wire..").should().dependOnClassesThat()
        .resideInAPackage("dev.atelier.models.*..").check(all);
  }

  @Test
  void storesKnowNoService() {
    onlyUses("dev.atelier.metadata..", "dev.atelier.kernel..");
    onlyUses("dev.atelier.objects..", "dev.atelier.metadata..", "dev.atelier.kernel..");
  }

  @Test
  void backendsKnowOnlyTheirContract() {
    onlyUses("dev.atelier.compute", "dev.atelier.kernel..");
    onlyUses("dev.atelier.compute.local..", "dev.atelier.compute");
    onlyUses("dev.atelier.compute.oci..", "dev.atelier.compute", "dev.atelier.compute.local");
    onlyUses("dev.atelier.runtimes..", "dev.atelier.compute");
  }

  @Test
  void servicesSeeNeitherWireNorServerNorABackend() {
    noClasses().that().resideInAnyPackage(SERVICES).should().dependOnClassesThat()
        .resideInAnyPackage("dev.atelier.wire..", "dev.atelier.server..", "dev.atelier.compute.local..", "dev.atelier.compute.oci..").check(all);
  }

  @Test
  void everyPackageHasAPlace() {
    String[] known = Stream.concat(Arrays.stream(SERVICES), Stream.of("dev.atelier.kernel..", "dev.atelier.models..",
        "dev.atelier.wire..", "dev.atelier.metadata..", "dev.atelier.objects..", "dev.atelier.compute..",
        "dev.atelier.runtimes..", "dev.atelier.server..", "dev.atelier.jupyter..")).toArray(String[]::new);
    classes().should().resideInAnyPackage(known).check(all);
  }

  @Test
  void timeComesFromTheClock() {
    noClasses().that().resideInAnyPackage(SERVICES).should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould().callMethod(java.time.Instant.class, "now")
        .orShould().callMethod(Thread.class, "sleep", long.class)
        .orShould().callMethod(Thread.class, "sleep", java.time.Duration.class).check(all);
  }

  @Test
  void operationsAreRegisteredByFeaturesAndApisAlone() {
    DescribedPredicate<JavaClass> table =
        DescribedPredicate.describe("the operation table", c -> c.getName().equals("dev.atelier.operation.OperationTable"));
    noClasses().that().resideInAnyPackage(SERVICES)
        .and().haveSimpleNameNotEndingWith("Api").and().haveSimpleNameNotEndingWith("Feature")
        .and(not(resideInAnyPackage("dev.atelier.operation")))
        .should().dependOnClassesThat(table).check(all);
  }

  /** Of Atelier's own packages, the first depends on itself and the others alone. */
  private static void onlyUses(String from, String... others) {
    String[] allowed = Stream.concat(Stream.of(from), Arrays.stream(others)).toArray(String[]::new);
    noClasses().that().resideInAPackage(from).should().dependOnClassesThat(
        resideInAnyPackage("dev.atelier..").and(not(resideInAnyPackage(allowed)))).check(all);
  }
}
