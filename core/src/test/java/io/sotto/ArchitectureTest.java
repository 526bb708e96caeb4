package io.sotto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sotto.privacy.mechanism.Secret;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package may know which, and what nobody may use. */
class ArchitectureTest {
  /** A package imports only from those to its left. */
  private static final List<String> PACKAGES =
      List.of("problem", "clock", "network", "algorithm", "engine", "result", "privacy", "run");

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.sotto");

  private static String in(String name) {
    return "io.sotto." + name + "..";
  }

  @Test
  void everyPackageHasItsPlace() {
    assertThat(
            CORE.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.split("\\.", -1)[2])
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(PACKAGES);
  }

  @Test
  void packagesImportFromTheirLeft() {
    for (int i = 0; i + 1 < PACKAGES.size(); i++) {
      String[] right =
          PACKAGES.subList(i + 1, PACKAGES.size()).stream()
              .map(ArchitectureTest::in)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(in(PACKAGES.get(i)))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(right)
          .check(CORE);
    }
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("io.sotto.(**)").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void onlyOnePackageKnowsSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sotto.engine.graphx")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(CORE);
  }

  @Test
  void filesAndCommandLinesAreOthersWork() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.hadoop..", "com.fasterxml..", "com.typesafe..", "picocli..")
        .check(CORE);
  }

  @Test
  void packagesAreNamedForWhatTheyHold() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..", "..manager..")
        .check(CORE);
  }

  @Test
  void chanceIsCounted() {
    noClasses()
        .that()
        .resideOutsideOfPackage(in("network"))
        .and()
        .areNotAssignableTo(Secret.class) // a fresh one is nobody's to compute again
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Random.class)
        .orShould()
        .callMethod(Math.class, "random")
        .check(CORE);
  }

  @Test
  void nobodySleeps() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class, int.class)
        .check(CORE);
  }
}
