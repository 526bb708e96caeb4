package io.sotto.model;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices. The right one is copied, a panel of two registers' width at a time, so that
 * its rows follow each other, unless the result has few rows; then a tile of the result, some rows
 * of one panel, stays in registers while the inner index runs ({@link Tiles}; Goto, van de Geijn
 * 2008, without blocks for a cache of the third level: these matrices fit the second). What is not
 * a whole tile is computed beside its place, and copied.
 */
final class Products {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = Tiles.LANES;
  private static final int PANEL = 2 * LANES;

  /** As many rows as leave registers for the panel: there are 16 of 256 bits, or 32 of 512. */
  private static final int ROWS = LANES >= 16 ? 8 : 4;

  /** The rows of the smaller tiles, for what is left of a result. */
  private static final int LEAST = 4;

  /** For so few rows of a result a panel is read where it stands: copying it would cost more. */
  private static final int FEW = 64;

  /** How far the inner index runs in one go: so much of a panel fits the first cache. */
  private static final int DEPTH = 256;

  private final float[] panel = new float[DEPTH * PANEL];
  private final float[] beside = new float[ROWS * PANEL];

  /** The last rows of the left matrix, if they are fewer than those of a tile. */
  private final float[] rest = new float[ROWS * DEPTH];

  /** See {@link CpuKernels#multiply}. */
  void multiply(
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      int bColumn,
      float[] c,
      int cAt,
      int cRow,
      int m,
      int n,
      int k) {
    int depth = aStep == 1 ? DEPTH : DEPTH / 2;
    for (int p = 0; p < k; p += depth) {
      int length = Math.min(depth, k - p);
      int left = aAt + p * aStep;
      for (int j = 0; j < n; ) {
        int width = n - j > LANES ? PANEL : LANES;
        int valid = Math.min(width, n - j);
        int right = bAt + p * bStep + j * bColumn;
        if (bColumn == 1 && valid == width && m <= FEW) {
          panelTimes(
              a, left, aRow, aStep, b, right, bStep, c, cAt + j, cRow, m, width, width, length);
        } else {
          if (bColumn != 1) {
            packTransposed(b, right, bColumn, length, valid, width);
          } else if (valid == width) {
            pack(b, right, bStep, length, width, panel);
          } else {
            packPart(b, right, bStep, length, valid, width);
          }
          panelTimes(
              a, left, aRow, aStep, panel, 0, width, c, cAt + j, cRow, m, valid, width, length);
        }
        j += width;
      }
    }
  }

  private static void pack(float[] b, int at, int step, int length, int width, float[] panel) {
    for (int p = 0; p < length; p++) {
      for (int j = 0; j < width; j += LANES) {
        FloatVector.fromArray(S, b, at + p * step + j).intoArray(panel, p * width + j);
      }
    }
  }

  private void packPart(float[] b, int at, int step, int length, int valid, int width) {
    for (int p = 0; p < length; p++) {
      System.arraycopy(b, at + p * step, panel, p * width, valid);
      for (int j = valid; j < width; j++) {
        panel[p * width + j] = 0;
      }
    }
  }

  private void packTransposed(float[] b, int at, int row, int length, int valid, int width) {
    for (int j = 0; j < valid; j++) {
      int from = at + j * row;
      for (int p = 0; p < length; p++) {
        panel[p * width + j] = b[from + p];
      }
    }
    for (int j = valid; j < width; j++) {
      for (int p = 0; p < length; p++) {
        panel[p * width + j] = 0;
      }
    }
  }

  /** All rows of the result, in one panel. */
  private void panelTimes(
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int cAt,
      int cRow,
      int m,
      int valid,
      int width,
      int length) {
    int i = 0;
    if (valid == width) {
      for (; i + ROWS <= m; i += ROWS) {
        int from = aAt + i * aRow;
        tile(ROWS, width, a, from, aRow, aStep, b, bAt, bStep, c, cAt + i * cRow, cRow, length);
      }
      for (; i + LEAST <= m; i += LEAST) {
        int from = aAt + i * aRow;
        tile(LEAST, width, a, from, aRow, aStep, b, bAt, bStep, c, cAt + i * cRow, cRow, length);
      }
    }
    for (; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(c, cAt + (i + r) * cRow, beside, r * width, valid);
      }
      if (rows == ROWS) {
        int from = aAt + i * aRow;
        tile(rows, width, a, from, aRow, aStep, b, bAt, bStep, beside, 0, width, length);
      } else {
        for (int r = 0; r < rows; r++) {
          for (int p = 0; p < length; p++) {
            rest[r * length + p] = a[aAt + (i + r) * aRow + p * aStep];
          }
        }
        tile(rows, width, rest, 0, length, 1, b, bAt, bStep, beside, 0, width, length);
      }
      for (int r = 0; r < rows; r++) {
        System.arraycopy(beside, r * width, c, cAt + (i + r) * cRow, valid);
      }
    }
  }

  /** At least so many rows of a tile; what further ones hold means nothing. */
  private static void tile(
      int rows,
      int width,
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int cAt,
      int cRow,
      int k) {
    if (width == PANEL) {
      if (rows > LEAST) {
        Tiles.tile8x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
      } else {
        Tiles.tile4x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
      }
    } else if (rows > LEAST) {
      Tiles.tile8x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
    } else {
      Tiles.tile4x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
    }
  }
}
