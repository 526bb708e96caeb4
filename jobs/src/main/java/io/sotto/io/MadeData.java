package io.sotto.io;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sotto.config.Planted;
import io.sotto.config.RunConfig;
import io.sotto.problem.BadInputException;
import io.sotto.run.RunDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;

/** Writes the data that {@code data.make} names into {@code data.path}. */
public final class MadeData {
  private static final String KEY = "data.path";
  private static final Optional<RunConfig.Make> SCRIBES = Optional.of(RunConfig.Make.SCRIBES);

  /** The file, beside the data, with a digest of what they were made from. */
  private static final String RECORD = ".made";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private MadeData() {}

  /**
   * Why data are to be made before they are read: there are none, or they were made from something
   * else. Empty if they are as they would be made, if Sotto did not make them, and if the model
   * that wrote them is gone. Notes of scribes stay as they are, whatever the seed: a run with
   * another seed may be of the same notes.
   */
  public static Optional<String> due(RunConfig config, Configuration hadoop) throws IOException {
    String folder = config.data().path();
    HadoopPath place = HadoopPath.of(KEY, folder, hadoop);
    String was;
    try {
      if (!place.system().exists(place.path())) {
        return Optional.of("there is nothing at data.path");
      }
      Path record = new Path(place.path(), RECORD);
      boolean scribes = config.making().map(RunConfig.Making::what).equals(SCRIBES);
      if (scribes || !place.system().exists(record)) {
        return Optional.empty();
      }
      try (InputStream in = place.system().open(record)) {
        was = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw IoFailure.at("%s is '%s', which cannot be looked at".formatted(KEY, folder), e);
    }
    if (config.making().flatMap(RunConfig.Making::samples).isPresent()) {
      String of = config.making().get().samples().get().of();
      HadoopPath model = HadoopPath.of("samples.of", of, hadoop);
      if (!model.system().exists(model.path())) {
        return Optional.empty();
      }
    }
    return was.equals(digest(config, hadoop))
        ? Optional.empty()
        : Optional.of("data.path was made with other settings, or by another model");
  }

  /** A digest of all that data are made from. */
  private static String digest(RunConfig config, Configuration hadoop) throws IOException {
    RunDigest digest = new RunDigest().text("seed", Long.toString(config.settings().seed()));
    digest.text("make", config.making().map(RunConfig.Making::what).toString());
    Map<String, Object> all = config.toMap();
    for (String block : List.of("tasks", "web", "samples", "planted")) {
      digest.text(block, String.valueOf(all.get(block)));
    }
    Optional<RunConfig.Samples> samples = config.making().flatMap(RunConfig.Making::samples);
    if (samples.isPresent()) {
      String of = samples.get().of();
      digest.text("model", Arrays.toString(new ModelFolder("samples.of", of, hadoop).weights()));
      if (samples.get().preferred().isPresent()) {
        String preferred = samples.get().preferred().get();
        digest.text(
            "preferred", Preferences.read("samples.preferred", preferred, hadoop).toString());
      }
    }
    return digest.hex();
  }

  /**
   * Writes a file for each agent, in place of those that are there.
   *
   * @return how many files, and how many bytes in all
   * @throws BadInputException if the folder holds anything else
   */
  public static Made make(RunConfig config, Configuration hadoop) throws IOException {
    String folder = config.data().path();
    RunConfig.Making making =
        config
            .making()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "data.make is empty, so there is nothing to make. Set data.make = scribes, with"
                            + " data.format = text."));
    long seed = config.settings().seed();
    String record = digest(config, hadoop);
    HadoopPath place = HadoopPath.of(KEY, folder, hadoop);
    Map<String, byte[]> files =
        making.what() == RunConfig.Make.SCRIBES
            ? Scribes.files(seed)
            : new TaskTexts(making, seed, hadoop).files();
    FileSystem system = place.system();
    system.setWriteChecksum(false); // no .crc files beside them on file:
    try {
      requireNoOther(folder, place, files);
      Path target = system.makeQualified(place.path());
      Path aside = new Path(target.getParent(), "." + target.getName() + ".making");
      system.delete(aside, true);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        try (OutputStream out = system.create(new Path(aside, file.getKey()))) {
          out.write(file.getValue());
        }
      }
      try (OutputStream out = system.create(new Path(aside, RECORD))) {
        out.write(record.getBytes(StandardCharsets.UTF_8));
      }
      system.delete(target, true);
      if (!system.rename(aside, target)) {
        throw new IOException("cannot rename %s to %s".formatted(aside, target));
      }
    } catch (IOException e) {
      throw IoFailure.at("%s is '%s', which cannot be written".formatted(KEY, folder), e);
    }
    return new Made(files.size(), files.values().stream().mapToLong(file -> file.length).sum());
  }

  /**
   * Writes rows of a known optimum, and the optimum beside their folder.
   *
   * @throws BadInputException if the folder holds anything else, or the optimum would not be known
   */
  public static Made plant(RunConfig config, Planted how, JavaSparkContext spark)
      throws IOException {
    PlantedRows rows = PlantedRows.of(config, how);
    String record = digest(config, spark.hadoopConfiguration());
    HadoopPath place = HadoopPath.of(KEY, config.data().path(), spark.hadoopConfiguration());
    FileSystem system = place.system();
    system.setWriteChecksum(false); // no .crc files beside them on file:
    Path target = system.makeQualified(place.path());
    Path made = new Path(target, RECORD);
    if (system.exists(target) && !system.exists(made)) {
      throw new BadInputException(
          "%s is '%s', which make-data has not made. Choose another folder, or move that away."
              .formatted(KEY, target));
    }
    try {
      Path aside = new Path(target.getParent(), "." + target.getName() + ".making");
      system.delete(aside, true);
      PlantedRows.Known known = rows.write(aside.toString(), spark);
      try (OutputStream out = system.create(new Path(aside, RECORD))) {
        out.write(record.getBytes(StandardCharsets.UTF_8));
      }
      Path beside = new Path(target.getParent(), target.getName() + "-optimum.json");
      try (OutputStream out = system.create(beside)) {
        JSON.writeValue(out, known.toMap());
      }
      system.delete(target, true);
      if (!system.rename(aside, target)) {
        throw new IOException("cannot rename %s to %s".formatted(aside, target));
      }
      ContentSummary size = system.getContentSummary(target);
      return new Made((int) size.getFileCount() - 1, size.getLength());
    } catch (IOException e) {
      throw IoFailure.at("%s is '%s', which cannot be written".formatted(KEY, target), e);
    }
  }

  /** What was written. */
  public record Made(int files, long bytes) {}

  private static void requireNoOther(String folder, HadoopPath place, Map<String, byte[]> files)
      throws IOException {
    if (!place.system().exists(place.path())) {
      return;
    }
    if (place.system().getFileStatus(place.path()).isFile()) {
      throw new BadInputException(
          "%s is '%s', which is a file. Give a folder that make-data may write."
              .formatted(KEY, folder));
    }
    for (FileStatus child : place.system().listStatus(place.path())) {
      String name = child.getPath().getName();
      if (!files.containsKey(name) && !name.equals(RECORD)) {
        throw new BadInputException(
            "%s is '%s', which holds %s, and make-data replaces its own files only. Choose another"
                    .formatted(KEY, folder, name)
                + " folder, or move that away.");
      }
    }
  }
}
