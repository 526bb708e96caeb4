package io.sotto.model;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of matrices. The right one is copied, a panel of two registers' width at a time, so that
 * its rows follow each other; then a tile of the result, some rows of one panel, stays in registers
 * while the inner index runs. (Goto, van de Geijn 2008, without blocks for a cache of the third
 * level: these matrices fit the second.) What is not a whole tile is computed beside its place, and
 * copied.
 */
final class Products {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
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
        tile8x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
      } else {
        tile4x2(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
      }
    } else if (rows > LEAST) {
      tile8x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
    } else {
      tile4x1(a, aAt, aRow, aStep, b, bAt, bStep, c, cAt, cRow, k);
    }
  }

  private static void tile8x2(
      float[] a,
      int a0,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int c0,
      int cRow,
      int k) {
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int a4 = a3 + aRow;
    int a5 = a4 + aRow;
    int a6 = a5 + aRow;
    int a7 = a6 + aRow;
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    int c4 = c3 + cRow;
    int c5 = c4 + cRow;
    int c6 = c5 + cRow;
    int c7 = c6 + cRow;
    FloatVector s00 = FloatVector.fromArray(S, c, c0);
    FloatVector s01 = FloatVector.fromArray(S, c, c0 + LANES);
    FloatVector s10 = FloatVector.fromArray(S, c, c1);
    FloatVector s11 = FloatVector.fromArray(S, c, c1 + LANES);
    FloatVector s20 = FloatVector.fromArray(S, c, c2);
    FloatVector s21 = FloatVector.fromArray(S, c, c2 + LANES);
    FloatVector s30 = FloatVector.fromArray(S, c, c3);
    FloatVector s31 = FloatVector.fromArray(S, c, c3 + LANES);
    FloatVector s40 = FloatVector.fromArray(S, c, c4);
    FloatVector s41 = FloatVector.fromArray(S, c, c4 + LANES);
    FloatVector s50 = FloatVector.fromArray(S, c, c5);
    FloatVector s51 = FloatVector.fromArray(S, c, c5 + LANES);
    FloatVector s60 = FloatVector.fromArray(S, c, c6);
    FloatVector s61 = FloatVector.fromArray(S, c, c6 + LANES);
    FloatVector s70 = FloatVector.fromArray(S, c, c7);
    FloatVector s71 = FloatVector.fromArray(S, c, c7 + LANES);
    for (int p = 0, q = 0, t = bAt; p < k; p++, q += aStep, t += bStep) {
      FloatVector b0 = FloatVector.fromArray(S, b, t);
      FloatVector b1 = FloatVector.fromArray(S, b, t + LANES);
      FloatVector x0 = FloatVector.broadcast(S, a[a0 + q]);
      s00 = x0.fma(b0, s00);
      s01 = x0.fma(b1, s01);
      FloatVector x1 = FloatVector.broadcast(S, a[a1 + q]);
      s10 = x1.fma(b0, s10);
      s11 = x1.fma(b1, s11);
      FloatVector x2 = FloatVector.broadcast(S, a[a2 + q]);
      s20 = x2.fma(b0, s20);
      s21 = x2.fma(b1, s21);
      FloatVector x3 = FloatVector.broadcast(S, a[a3 + q]);
      s30 = x3.fma(b0, s30);
      s31 = x3.fma(b1, s31);
      FloatVector x4 = FloatVector.broadcast(S, a[a4 + q]);
      s40 = x4.fma(b0, s40);
      s41 = x4.fma(b1, s41);
      FloatVector x5 = FloatVector.broadcast(S, a[a5 + q]);
      s50 = x5.fma(b0, s50);
      s51 = x5.fma(b1, s51);
      FloatVector x6 = FloatVector.broadcast(S, a[a6 + q]);
      s60 = x6.fma(b0, s60);
      s61 = x6.fma(b1, s61);
      FloatVector x7 = FloatVector.broadcast(S, a[a7 + q]);
      s70 = x7.fma(b0, s70);
      s71 = x7.fma(b1, s71);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + LANES);
    s50.intoArray(c, c5);
    s51.intoArray(c, c5 + LANES);
    s60.intoArray(c, c6);
    s61.intoArray(c, c6 + LANES);
    s70.intoArray(c, c7);
    s71.intoArray(c, c7 + LANES);
  }

  private static void tile8x1(
      float[] a,
      int a0,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int c0,
      int cRow,
      int k) {
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int a4 = a3 + aRow;
    int a5 = a4 + aRow;
    int a6 = a5 + aRow;
    int a7 = a6 + aRow;
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    int c4 = c3 + cRow;
    int c5 = c4 + cRow;
    int c6 = c5 + cRow;
    int c7 = c6 + cRow;
    FloatVector s00 = FloatVector.fromArray(S, c, c0);
    FloatVector s10 = FloatVector.fromArray(S, c, c1);
    FloatVector s20 = FloatVector.fromArray(S, c, c2);
    FloatVector s30 = FloatVector.fromArray(S, c, c3);
    FloatVector s40 = FloatVector.fromArray(S, c, c4);
    FloatVector s50 = FloatVector.fromArray(S, c, c5);
    FloatVector s60 = FloatVector.fromArray(S, c, c6);
    FloatVector s70 = FloatVector.fromArray(S, c, c7);
    for (int p = 0, q = 0, t = bAt; p < k; p++, q += aStep, t += bStep) {
      FloatVector b0 = FloatVector.fromArray(S, b, t);
      s00 = FloatVector.broadcast(S, a[a0 + q]).fma(b0, s00);
      s10 = FloatVector.broadcast(S, a[a1 + q]).fma(b0, s10);
      s20 = FloatVector.broadcast(S, a[a2 + q]).fma(b0, s20);
      s30 = FloatVector.broadcast(S, a[a3 + q]).fma(b0, s30);
      s40 = FloatVector.broadcast(S, a[a4 + q]).fma(b0, s40);
      s50 = FloatVector.broadcast(S, a[a5 + q]).fma(b0, s50);
      s60 = FloatVector.broadcast(S, a[a6 + q]).fma(b0, s60);
      s70 = FloatVector.broadcast(S, a[a7 + q]).fma(b0, s70);
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c1);
    s20.intoArray(c, c2);
    s30.intoArray(c, c3);
    s40.intoArray(c, c4);
    s50.intoArray(c, c5);
    s60.intoArray(c, c6);
    s70.intoArray(c, c7);
  }

  private static void tile4x2(
      float[] a,
      int a0,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int c0,
      int cRow,
      int k) {
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    FloatVector s00 = FloatVector.fromArray(S, c, c0);
    FloatVector s01 = FloatVector.fromArray(S, c, c0 + LANES);
    FloatVector s10 = FloatVector.fromArray(S, c, c1);
    FloatVector s11 = FloatVector.fromArray(S, c, c1 + LANES);
    FloatVector s20 = FloatVector.fromArray(S, c, c2);
    FloatVector s21 = FloatVector.fromArray(S, c, c2 + LANES);
    FloatVector s30 = FloatVector.fromArray(S, c, c3);
    FloatVector s31 = FloatVector.fromArray(S, c, c3 + LANES);
    for (int p = 0, q = 0, t = bAt; p < k; p++, q += aStep, t += bStep) {
      FloatVector b0 = FloatVector.fromArray(S, b, t);
      FloatVector b1 = FloatVector.fromArray(S, b, t + LANES);
      FloatVector x0 = FloatVector.broadcast(S, a[a0 + q]);
      s00 = x0.fma(b0, s00);
      s01 = x0.fma(b1, s01);
      FloatVector x1 = FloatVector.broadcast(S, a[a1 + q]);
      s10 = x1.fma(b0, s10);
      s11 = x1.fma(b1, s11);
      FloatVector x2 = FloatVector.broadcast(S, a[a2 + q]);
      s20 = x2.fma(b0, s20);
      s21 = x2.fma(b1, s21);
      FloatVector x3 = FloatVector.broadcast(S, a[a3 + q]);
      s30 = x3.fma(b0, s30);
      s31 = x3.fma(b1, s31);
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
  }

  private static void tile4x1(
      float[] a,
      int a0,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int c0,
      int cRow,
      int k) {
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int c1 = c0 + cRow;
    int c2 = c1 + cRow;
    int c3 = c2 + cRow;
    FloatVector s00 = FloatVector.fromArray(S, c, c0);
    FloatVector s10 = FloatVector.fromArray(S, c, c1);
    FloatVector s20 = FloatVector.fromArray(S, c, c2);
    FloatVector s30 = FloatVector.fromArray(S, c, c3);
    for (int p = 0, q = 0, t = bAt; p < k; p++, q += aStep, t += bStep) {
      FloatVector b0 = FloatVector.fromArray(S, b, t);
      s00 = FloatVector.broadcast(S, a[a0 + q]).fma(b0, s00);
      s10 = FloatVector.broadcast(S, a[a1 + q]).fma(b0, s10);
      s20 = FloatVector.broadcast(S, a[a2 + q]).fma(b0, s20);
      s30 = FloatVector.broadcast(S, a[a3 + q]).fma(b0, s30);
    }
    s00.intoArray(c, c0);
    s10.intoArray(c, c1);
    s20.intoArray(c, c2);
    s30.intoArray(c, c3);
  }
}
