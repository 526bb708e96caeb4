package io.sotto.problem;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Disclosure control: rules by which those who keep rows refuse a run that would tell too much of
 * too few of them. A cell of agents looks at its own rows; it answers which agent breaks which
 * rule, and never a number or a value. Rows of weight 0 count as none.
 *
 * @param minRows an agent must have so many rows; 0 for any number
 * @param minCell where rows of an agent have two values in a column, or their labels are classes,
 *     each value that occurs must occur so often; 0 for any number
 * @param maxParameters there may be at most this many coordinates of x for each row of an agent;
 *     infinite for any number
 * @param columns the only columns that may be used; empty for all. It is for those who read the
 *     columns to hold to
 */
public record Disclosure(int minRows, int minCell, double maxParameters, List<String> columns)
    implements Serializable {
  /** So many broken rules of a cell are told; one of them is enough to refuse a run. */
  private static final int MOST_TOLD = 1000;

  /** The minima of a report that nobody gave any for. */
  public static final Disclosure USUAL = new Disclosure(10, 3, 0.2, List.of());

  private static final Disclosure NONE = new Disclosure(0, 0, Double.POSITIVE_INFINITY, List.of());

  /** A rule. */
  public enum Rule {
    /** Too few rows. */
    MIN_ROWS("disclosure.min-rows"),
    /** A value that too few rows have. */
    MIN_CELL("disclosure.min-cell"),
    /** Too many coordinates for so few rows. */
    MAX_PARAMETERS("disclosure.max-parameters");

    private final String key;

    Rule(String key) {
      this.key = key;
    }

    /** What configurations call it. */
    public String key() {
      return key;
    }
  }

  /**
   * A rule that is broken.
   *
   * @param agent by its place in the block
   * @param column the feature; -1 for the label, and where it is about no column
   */
  public record Broken(int agent, Rule rule, int column) implements Serializable {}

  /** Nothing is refused. */
  public static Disclosure none() {
    return NONE;
  }

  /** Whether there is any rule. */
  public boolean isOn() {
    return !equals(NONE);
  }

  /** Whether a column may be used. */
  public boolean allows(String column) {
    return columns.isEmpty() || columns.contains(column);
  }

  /** Whether so many rows are too few to be told of, but more than none. */
  public boolean hides(long rows) {
    return rows > 0 && rows < minCell;
  }

  /** Whether one of these numbers is too small to be told: then none is, or sums would tell it. */
  public boolean hidesAny(Collection<Long> numbers) {
    return numbers.stream().anyMatch(this::hides);
  }

  /** Numbers of rows by what they are of, for files; what they are of alone, if one is hidden. */
  public Object told(Map<String, Long> counts) {
    return hidesAny(counts.values()) ? List.copyOf(counts.keySet()) : counts;
  }

  /** One of them. */
  public Object told(long count) {
    return hides(count) ? count(count) : (Object) count;
  }

  /** A number of rows for people, unless it is too small to be told. */
  public String count(long rows) {
    return hides(rows) ? "fewer than " + minCell : String.format(Locale.ROOT, "%,d", rows);
  }

  /** How many rows an agent has, for people, unless that is too small to be told. */
  public String rowsOf(long rows) {
    return rows < minRows ? "fewer than " + minRows : String.format(Locale.ROOT, "%,d", rows);
  }

  /**
   * The rules that agents of a block break.
   *
   * @param dimension the coordinates of x
   */
  public List<Broken> broken(Block block, int dimension) {
    List<Broken> broken = new ArrayList<>();
    TwoValues cells = new TwoValues(block.rows().features());
    for (int agent = 0; agent < block.rows().agents() && broken.size() < MOST_TOLD; agent++) {
      int[] counted = counted(block, agent);
      if (counted.length < minRows) {
        broken.add(new Broken(agent, Rule.MIN_ROWS, -1));
      }
      if (dimension > maxParameters * counted.length) {
        broken.add(new Broken(agent, Rule.MAX_PARAMETERS, -1));
      }
      if (minCell > 1) {
        if (hidesLabel(block, counted)) {
          broken.add(new Broken(agent, Rule.MIN_CELL, -1));
        }
        cells.clear();
        cells.add(block.rows(), counted);
        for (int column : cells.seen()) {
          if (hides(cells.rarer(column, counted.length))) {
            broken.add(new Broken(agent, Rule.MIN_CELL, column));
          }
        }
      }
    }
    return broken;
  }

  private static int[] counted(Block block, int agent) {
    return IntStream.range(block.rows().first(agent), block.rows().first(agent + 1))
        .filter(row -> block.weight(row) > 0)
        .toArray();
  }

  /** Whether a label stands in too few of these rows. */
  private boolean hidesLabel(Block block, int[] counted) {
    Rows rows = block.rows();
    if (block.classes() == 0) {
      TwoValues labels = new TwoValues(1);
      for (int row : counted) {
        labels.add(0, rows.label(row));
      }
      return hides(labels.rarer(0, counted.length));
    }
    int[] ofClass = new int[block.classes()];
    for (int row : counted) {
      ofClass[(int) Math.max(0, rows.label(row))]++; // of two classes the first is -1
    }
    return IntStream.of(ofClass).anyMatch(this::hides);
  }

  /** How often the values of columns occur, as long as there are no more than two. */
  private static final class TwoValues {
    private final double[] one;
    private final double[] other;
    private final int[] ones;
    private final int[] others;
    private final BitSet more = new BitSet();
    private final int[] seen;
    private int columns;

    TwoValues(int columns) {
      one = new double[columns];
      other = new double[columns];
      ones = new int[columns];
      others = new int[columns];
      seen = new int[columns];
    }

    void clear() {
      for (int column : seen()) {
        ones[column] = 0;
        others[column] = 0;
      }
      more.clear();
      columns = 0;
    }

    /** The columns of which any value was added, ascending. */
    int[] seen() {
      return IntStream.of(seen).limit(columns).sorted().toArray();
    }

    void add(Rows rows, int[] some) {
      for (int row : some) {
        if (rows instanceof SparseRows sparse) {
          for (int e = sparse.offset()[row]; e < sparse.offset()[row + 1]; e++) {
            if (sparse.values()[e] != 0) {
              add(sparse.index()[e], sparse.values()[e]);
            }
          }
        } else if (rows instanceof DenseRows dense) {
          for (int j = 0; j < dense.features(); j++) {
            add(j, dense.values()[row * dense.features() + j]);
          }
        }
      }
    }

    void add(int column, double value) {
      if (ones[column] == 0) {
        seen[columns++] = column;
      }
      if (ones[column] == 0 || one[column] == value) {
        one[column] = value;
        ones[column]++;
      } else if (others[column] == 0 || other[column] == value) {
        other[column] = value;
        others[column]++;
      } else {
        more.set(column);
      }
    }

    /**
     * How many rows have the rarer of two values; 0 if there are more values, or fewer.
     *
     * @param rows how many there are; those that were not added have the value 0
     */
    int rarer(int column, int rows) {
      int zeros = rows - ones[column] - others[column];
      if (more.get(column) || (zeros > 0 && others[column] > 0)) {
        return 0;
      }
      return Math.min(ones[column], Math.max(zeros, others[column]));
    }
  }
}
