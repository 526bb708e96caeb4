package io.sotto.io;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Rows that are to be scored, in parts, each of which is read by a task. */
interface ScoreSource {
  /** The columns that say which row it is. */
  List<ScorePlan.Place> places();

  /** Whether a column is to name holders. */
  boolean hasAgent();

  /** Where rows are read from. */
  List<String> paths();

  /** What {@code scores.json} says was read. */
  List<Object> inputs();

  /** Has each part written, in their order. */
  JavaRDD<ScoredFile> scored(ScoreWriter writer, JavaSparkContext spark);

  /**
   * Refuses a part that has a row which cannot be read.
   *
   * @param first what the first of them has in the columns that say which row it is
   */
  void requireGood(int part, Rejections rejections, List<Object> first);

  /**
   * Files, each of them a part.
   *
   * @param reader of their rows
   */
  record Files(List<InputFile> files, RowReader reader, boolean hasAgent) implements ScoreSource {
    @Override
    public List<ScorePlan.Place> places() {
      return List.of(
          new ScorePlan.Place("file", ParquetTable.text("file")),
          new ScorePlan.Place("line", ParquetTable.count("line")));
    }

    @Override
    public List<String> paths() {
      return files.stream().map(InputFile::uri).toList();
    }

    @Override
    public List<Object> inputs() {
      return List.copyOf(paths());
    }

    @Override
    public JavaRDD<ScoredFile> scored(ScoreWriter writer, JavaSparkContext spark) {
      List<InputFile> all = files; // not this
      RowReader rows = reader;
      return spark
          .parallelize(IntStream.range(0, all.size()).boxed().toList(), all.size())
          .map(
              number -> {
                InputFile file = all.get(number);
                return writer.write(
                    number,
                    file.uri(),
                    line -> List.of(file.uri(), line),
                    handler -> rows.read(file, writer.hadoop().value(), handler));
              });
    }

    @Override
    public void requireGood(int part, Rejections rejections, List<Object> first) {
      rejections.requireNone(files.get(part), "or set data.bad-rows");
    }
  }
}
