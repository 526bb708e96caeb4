package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sotto.model.Layout;
import io.sotto.model.ModelShape;
import io.sotto.model.Training;
import io.sotto.model.Vocabulary;
import io.sotto.problem.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFolderTest {
  private static final Configuration HADOOP = new Configuration();
  private static final Vocabulary ABC = Vocabulary.characters("abc\n".codePoints());
  private static final ModelShape SHAPE =
      new ModelShape(ABC.size(), 8, 2, 1, 2, 4, 4, 4, 2, 16, 4, 3, 1, 2, 1, 1, 8, 1);
  private static final Training TRAINING =
      new Training(2, 1, 0.3, 1e-4, 1e-3, Training.Precision.FP8, 0.1, 5);

  @TempDir Path dir;

  private double[] x;

  @BeforeEach
  void start() {
    Layout layout = new Layout(SHAPE);
    x = new double[layout.dimension()];
    layout.start(3, x, 0);
    for (int j = 0; j < x.length; j++) {
      x[j] = (float) x[j];
    }
  }

  private Path write(String name) throws IOException {
    Path result = dir.resolve(name);
    try (OutputFolder folder = new OutputFolder(result.toString(), true, HADOOP)) {
      folder.lock(Duration.ZERO, text -> {});
      folder.open();
      new ModelFiles(SHAPE, ABC, TRAINING, true).write(x, folder);
      folder.publish();
    }
    return result;
  }

  private static ModelFolder read(Path result) throws IOException {
    return new ModelFolder("warm-start", result.toString(), HADOOP);
  }

  private static Path weights(Path result) {
    return result.resolve("model/weights.safetensors");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path result = write("r");
    ModelFolder model = read(result);
    assertThat(model.shape()).isEqualTo(SHAPE);
    assertThat(model.training()).isEqualTo(TRAINING);
    assertThat(model.vocabulary()).isEqualTo(ABC);
    assertThat(model.weights()).isEqualTo(x);
    assertThat(Files.readAllBytes(weights(write("again"))))
        .isEqualTo(Files.readAllBytes(weights(result)));
  }

  @Test
  void othersCanReadTheWeights() throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Files.readAllBytes(weights(write("r")))).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertThat(length % 8).isZero();
    byte[] header = new byte[length];
    bytes.get(header);
    JsonNode json = new ObjectMapper().readTree(header);
    JsonNode gate = json.path("layers.1.gate");
    assertThat(gate.path("dtype").asText()).isEqualTo("F32");
    assertThat(gate.path("shape").toString()).isEqualTo("[8,3]");
    int begin = gate.path("data_offsets").path(0).asInt();
    Layout.Entry entry = new Layout(SHAPE).entry("layers.1.gate");
    assertThat(bytes.getFloat(8 + length + begin)).isEqualTo((float) x[entry.at()]);
    assertThat(json.path("norm").path("shape").toString()).isEqualTo("[8]");
    assertThat(bytes.remaining()).isEqualTo(4 * x.length);
  }

  @Test
  void weightsThatAreNoNumbersAreRefused() throws IOException {
    Path result = write("r");
    byte[] bytes = Files.readAllBytes(weights(result));
    Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xff);
    Files.write(weights(result), bytes);
    assertThatThrownBy(() -> read(result).weights())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the tensor 'layers.2.experts.bias' holds NaN at 2.");
    x[new Layout(SHAPE).entry("head").at()] = 1e300;
    assertThatThrownBy(() -> write("s"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("The tensor 'head' of the model holds Infinity.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"dtype\":\"F32\"; \"dtype\":\"F16\"; the numbers of the tensor 'embedding' are \"F16\"",
        "\"shape\":[5,8]; \"shape\":[8,5]; is of the shape [8,5]; model.json says that it is",
        "[0,160]; [1,161]; begins at byte 1 of the numbers, and not at 0",
        "[0,160]; [0,159]; cannot stand at the bytes [0,159]",
        "\"embedding\"; \"embeddinf\"; it holds the tensor 'embeddinf', which a model",
        "__metadata__; __metadat1__; it holds the tensor '__metadat1__'",
        "{\"__meta; #\"__meta; its header is not JSON"
      })
  void damageOfTheHeaderIsNamed(String from, String to, String complaint) throws IOException {
    Path result = write("r");
    String bytes = Files.readString(weights(result), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains(from);
    int at = bytes.indexOf(from);
    String other = bytes.substring(0, at) + to + bytes.substring(at + from.length());
    Files.writeString(weights(result), other, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> read(result).weights())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void aFileThatIsCutOffIsRefused() throws IOException {
    Path result = write("r");
    byte[] bytes = Files.readAllBytes(weights(result));
    for (int length : new int[] {0, 5, 100, bytes.length - 1}) {
      Files.write(weights(result), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> read(result).weights())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("The file is damaged; fetch it again.");
    }
    bytes[7] = 0x7f;
    Files.write(weights(result), bytes);
    assertThatThrownBy(() -> read(result).weights())
        .hasMessageContaining("its header cannot have 91");
    Files.delete(weights(result));
    assertThatThrownBy(() -> read(result).weights())
        .hasMessageContaining("there is no model/weights.safetensors in it.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "model.json; \"width\" : 8; \"width\" : 9; the tensor 'embedding' is of the shape [5,8];",
        "model.json; \"width\" : 8; \"width\" : true; shape.width is true, and must be a whole",
        "model.json; \"width\" : 8; \"wide\" : 8; shape.width is missing, and must be a whole",
        "model.json; \"formatVersion\" : 1; \"formatVersion\" : 2; formatVersion is 2; this",
        "model.json; \"precision\" : \"fp8\"; \"precision\" : \"fp4\"; must be float or fp8.",
        "model.json; \"groups\" : 1; \"groups\" : 2; model.groups = 2 does not divide",
        "vocabulary.json; abc; abcd; size is 5, and there are 6 tokens.",
        "vocabulary.json; {; #; it is not JSON."
      })
  void damageOfTheOtherFilesIsNamed(String file, String from, String to, String complaint)
      throws IOException {
    Path result = write("r");
    Path damaged = result.resolve("model").resolve(file);
    String text = Files.readString(damaged);
    assertThat(text).contains(from);
    Files.writeString(damaged, text.replaceFirst(java.util.regex.Pattern.quote(from), to));
    assertThatThrownBy(() -> read(result).weights())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void aResultOfRowsHasNoModel() throws IOException {
    Files.createDirectories(dir.resolve("rows"));
    assertThatThrownBy(() -> read(dir.resolve("rows")))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "warm-start is '%s'; there is no model/model.json in it. Name the output of a run with"
                    .formatted(dir.resolve("rows"))
                + " data.format = text.");
  }
}
