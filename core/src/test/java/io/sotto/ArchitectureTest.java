package io.sotto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sotto.algorithm.Algorithm;
import io.sotto.algorithm.Algorithms;
import io.sotto.algorithm.Method;
import io.sotto.privacy.mechanism.Secret;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which package may know which, and what nobody may use. */
class ArchitectureTest {
  /** A package imports only from those to its left. */
  private static final List<String> PACKAGES =
      List.of(
          "problem",
          "formula",
          "clock",
          "network",
          "algorithm",
          "engine",
          "result",
          "privacy",
          "run",
          "report");

  /** Stands beside these: it knows problem alone, and only run knows it. */
  private static final String MODEL = "model";

  /** The same within privacy: no attack sees what the judge knows. */
  private static final List<String> PRIVACY =
      List.of("mechanism", "exposure", "evidence", "attack", "judge", "protocol");

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
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(PACKAGES.stream(), Stream.of(MODEL)).toList());
  }

  @Test
  void modelStandsBeside() {
    noClasses()
        .that()
        .resideInAPackage(in(MODEL))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            PACKAGES.stream()
                .filter(name -> !name.equals("problem"))
                .map(ArchitectureTest::in)
                .toArray(String[]::new))
        .check(CORE);
    noClasses()
        .that()
        .resideInAnyPackage(
            PACKAGES.stream()
                .filter(name -> !name.equals("run"))
                .map(ArchitectureTest::in)
                .toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in(MODEL))
        .check(CORE);
  }

  @Test
  void privacyIsDividedIntoItsParts() {
    assertThat(
            CORE.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("io.sotto.privacy"))
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(
            PRIVACY.stream().map(part -> "io.sotto.privacy." + part).toList());
  }

  @Test
  void packagesImportFromTheirLeft() {
    importFromTheirLeft(PACKAGES);
    importFromTheirLeft(PRIVACY.stream().map(part -> "privacy." + part).toList());
  }

  private static void importFromTheirLeft(List<String> packages) {
    for (int i = 0; i + 1 < packages.size(); i++) {
      String[] right =
          packages.subList(i + 1, packages.size()).stream()
              .map(ArchitectureTest::in)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(in(packages.get(i)))
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

  /** What attacks know of a method is its recursion, not which one it is. */
  @Test
  void attacksKnowNoMethod() {
    noClasses()
        .that()
        .resideInAPackage(in("privacy"))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Algorithm.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Algorithms.class, Method.class)
        .check(CORE);
  }

  /** Nor do they compare names: none stands in the constant pool of a class. */
  @Test
  void attacksNameNoMethod() {
    Set<String> names = Algorithms.REGISTRY.names();
    assertThat(constants(CORE.get(Algorithms.class))).containsAll(names);
    for (JavaClass any : CORE) {
      if (any.getPackageName().startsWith("io.sotto.privacy")) {
        assertThat(constants(any)).as(any.getName()).doesNotContainAnyElementsOf(names);
      }
    }
  }

  /** The constants of a class that are text (The Java Virtual Machine Specification, 4.4). */
  private static Set<String> constants(JavaClass of) {
    String path = of.getName().replace('.', '/') + ".class";
    try (DataInputStream in =
        new DataInputStream(
            Objects.requireNonNull(Algorithm.class.getClassLoader().getResourceAsStream(path)))) {
      Set<String> texts = new HashSet<>();
      in.skipNBytes(8);
      int count = in.readUnsignedShort();
      for (int k = 1; k < count; k++) {
        int tag = in.readUnsignedByte();
        switch (tag) {
          case 1 -> texts.add(in.readUTF());
          case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
          case 5, 6 -> {
            in.skipNBytes(8);
            k++; // takes the place of two
          }
          case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
          case 15 -> in.skipNBytes(3);
          default -> throw new IllegalStateException(path + ": constant of kind " + tag);
        }
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
        .and()
        .haveNameNotMatching(
            ".*AgreedKeys.*") // its generator gives bytes that follow from a secret
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
