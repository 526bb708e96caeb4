package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Writing many responses at once. */
class RolloutsTest {
  private static final int LONGEST = 9;

  private static Stream<ModelShape> shapes() {
    return LanguageModelTest.shapes();
  }

  /** Equal prompts that follow each other are read once; that must not show. */
  @ParameterizedTest
  @MethodSource("shapes")
  void responsesAreWhatTheyAreAlone(ModelShape shape) {
    Layout layout = new Layout(shape);
    double[] x = new double[layout.dimension()];
    layout.start(1, x, 0);
    SplittableRandom random = new SplittableRandom(2);
    int end = shape.vocabulary() - 1;
    int[] one = random.ints(3, 0, end).toArray();
    int[] other = random.ints(5, 0, end).toArray();
    int[][] prompts = {one, one, one.clone(), other, one, other, other};
    int[][] together =
        new Rollouts(layout, Kernels.fastest(), 4, end).write(x, 0, prompts, LONGEST, 1, 3);
    int[][] alone =
        new Rollouts(layout, Kernels.fastest(), 1, end).write(x, 0, prompts, LONGEST, 1, 3);
    assertThat(together).isDeepEqualTo(alone);
    List<int[]> different = Arrays.asList(together[0], together[1], together[2]);
    assertThat(different).as("drawn anew each time").doesNotHaveDuplicates();
  }
}
