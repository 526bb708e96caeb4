package io.sotto.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The points that several sets share; made by {@link #of}. The projection is Dykstra's algorithm
 * (Boyle and Dykstra, "A method for finding projections onto the intersection of convex sets in
 * Hilbert spaces", 1986): in turn, for each member i,
 *
 * <pre>
 *   z := x + p_i;   x := P_i(z);   p_i := z - x      (increments p_i, at first 0)
 * </pre>
 *
 * <p>It stops when the changes of the increments in a cycle, {@code sqrt(sum_i |p_i - p_i'|^2)},
 * are at most {@value #TOLERANCE} max(1, |x|), x being the point given (Birgin and Raydan, "Robust
 * stopping criteria for Dykstra's algorithm", 2005: unlike x itself, the increments do not stall).
 * These changes are the ways from set to set, so that the result is then within sqrt(members) times
 * that much of each member, and {@code <x - P(x), z - P(x)>} at most that much times the sum of the
 * |p_i| for members z. How fast it comes there depends on the angles at which the sets meet, and on
 * how far outside x is: tens of cycles near the sets, hundreds at ten times their size, thousands
 * far away, and without a bound where sets only touch. After {@link #cycles} it stops anyway, in
 * the last member and short of the others. A point within all sets costs one cycle, one whose
 * projection onto the first set it violates is within the others, two.
 *
 * @param members the sets, more than one
 * @param cycles how many cycles a projection may take, each a projection onto all members
 */
public record Intersection(List<ConstraintSet> members, int cycles) implements ConstraintSet {
  /** What the changes in the last cycle are at most, relative to max(1, |x|). */
  public static final double TOLERANCE = 1e-10;

  /** The cycles that a projection within an update may take. */
  public static final int QUICK = 1_000;

  /** The cycles that a projection of what is reported may take. */
  public static final int ACCURATE = 100_000;

  /**
   * @throws IllegalArgumentException if there are no two members, or no cycles
   */
  public Intersection {
    members = List.copyOf(members);
    if (members.size() < 2 || cycles < 1) {
      throw new IllegalArgumentException("%s, %d cycles".formatted(members, cycles));
    }
  }

  /**
   * The set of the points that all these sets share. Intersections among them count as their
   * members, equal sets as one, all boxes become one box, the whole space is left out; what is left
   * alone after that is returned itself, and the whole space if there is nothing.
   *
   * @throws BadInputException if two boxes share no point; other empty intersections are found by
   *     {@link #memberOrBadInput}
   */
  public static ConstraintSet of(List<? extends ConstraintSet> sets) {
    Set<ConstraintSet> flat = new LinkedHashSet<>();
    for (ConstraintSet set : sets) {
      if (set instanceof Intersection nested) {
        flat.addAll(nested.members);
      } else if (!(set instanceof WholeSpace)) {
        flat.add(set);
      }
    }
    List<ConstraintSet> members = new ArrayList<>();
    int box = -1;
    for (ConstraintSet set : flat) {
      if (box >= 0 && set instanceof Box second && members.get(box) instanceof Box first) {
        members.set(box, Box.shared(first, second));
        continue;
      }
      box = set instanceof Box ? members.size() : box;
      members.add(set);
    }
    return switch (members.size()) {
      case 0 -> new WholeSpace();
      case 1 -> members.get(0);
      default -> new Intersection(members, QUICK);
    };
  }

  /** The same set with {@link #ACCURATE} cycles, if it is an intersection: for what is reported. */
  public static ConstraintSet accurate(ConstraintSet set) {
    return set instanceof Intersection sets ? new Intersection(sets.members, ACCURATE) : set;
  }

  /**
   * A point within {@value CommonPoint#ACCEPTED} max(1, r) of the set, or of all sets of the
   * intersection that it is, where r is the distance between 0 and the farthest of them. Sets that
   * only touch are not refused. May take ten thousands of cycles, so once per run.
   *
   * @param n the number of coefficients; {@link #requireDimension} has been asked
   * @param where whose sets these are, such as {@code problem.constraints}, for the message
   * @throws BadInputException if there is none; says which two sets remain how far apart
   */
  public static double[] memberOrBadInput(ConstraintSet set, int n, String where) {
    return set instanceof Intersection sets
        ? new CommonPoint(sets.members, n).find(where)
        : set.projected(new double[n], n);
  }

  @Override
  public void requireDimension(int n) {
    members.forEach(member -> member.requireDimension(n));
  }

  /** The increments, the point before a step, and what the neediest member wants. */
  @Override
  public int scratch(int n) {
    int most = 0;
    for (ConstraintSet member : members) {
      most = Math.max(most, member.scratch(n));
    }
    return Math.addExact(Math.multiplyExact(members.size() + 1, n), most);
  }

  @Override
  public void project(double[] x, int at, int n, double[] work, int workAt) {
    projectCounting(x, at, n, work, workAt);
  }

  /** {@link #project}, and how many cycles it took. */
  int projectCounting(double[] x, int at, int n, double[] work, int workAt) {
    double enough = TOLERANCE * Math.max(1, Math.sqrt(Vectors.dot(x, at, x, at, n)));
    int before = workAt + members.size() * n;
    Arrays.fill(work, workAt, before, 0);
    for (int cycle = 1; ; cycle++) {
      double changes = 0;
      for (int i = 0; i < members.size(); i++) {
        int p = workAt + i * n;
        for (int j = 0; j < n; j++) {
          x[at + j] += work[p + j];
          work[before + j] = x[at + j];
        }
        members.get(i).project(x, at, n, work, before + n);
        for (int j = 0; j < n; j++) {
          double increment = work[before + j] - x[at + j];
          double change = increment - work[p + j];
          work[p + j] = increment;
          changes += change * change;
        }
      }
      if (!(changes > enough * enough) || cycle == cycles) { // so said that NaN ends it, too
        return cycle;
      }
    }
  }

  @Override
  public double reach(int n) {
    return members.stream().mapToDouble(member -> member.reach(n)).min().orElseThrow();
  }

  @Override
  public @Nullable ConstraintSet in(Coordinates units) {
    List<ConstraintSet> others = new ArrayList<>();
    for (ConstraintSet member : members) {
      ConstraintSet other = member.in(units);
      if (other == null) {
        return null;
      }
      others.add(other);
    }
    return new Intersection(others, cycles);
  }
}
