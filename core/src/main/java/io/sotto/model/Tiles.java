package io.sotto.model;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of products: some rows of a result, one or two registers wide, which stay in registers
 * while the inner index runs. They differ in size alone and are written out: a loop over registers
 * would make objects of them. Element (i, p) of a stands at {@code a0 + i * aRow + p * aStep}, row
 * p of b at {@code bAt + p * bStep}, row i of c at {@code c0 + i * cRow}.
 */
final class Tiles {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

  /** Numbers of a register. */
  static final int LANES = S.length();

  private Tiles() {}

  static void tile8x2(
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

  static void tile8x1(
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

  static void tile4x2(
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

  static void tile4x1(
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
