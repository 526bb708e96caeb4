package io.sotto.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.model.ModelShape;
import io.sotto.model.Tokens;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gradients against libtorch, which unpacks half a gigabyte before it begins. */
@Tag("slow")
class TorchGradientsIT {
  private static final int VOCABULARY = 13;

  @Test
  void eachOperationHasTheGradientThatLibtorchFinds() {
    assertThat(TorchOperations.differences())
        .hasSize(9)
        .allSatisfy((name, apart) -> assertThat(apart).as(name).isLessThan(1e-6));
  }

  @Test
  void allOfAModelHasTheGradientThatLibtorchFinds() {
    // widths that fill no register, five experts, one of them shared, two tokens ahead
    ModelShape shape =
        new ModelShape(VOCABULARY, 24, 3, 1, 3, 10, 14, 9, 6, 20, 11, 5, 1, 2, 1, 1, 17, 2);
    int[] ids = new Random(3).ints(400, 0, VOCABULARY).toArray();
    assertThat(TorchGradients.of(shape, Tokens.of(ids), 3).difference()).isLessThan(2e-6);
  }
}
