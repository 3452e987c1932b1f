/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.espalier.UserException;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.FeatureTable;
import org.espalier.data.table.FloatTable;
import org.espalier.data.table.SparseTable;
import org.espalier.train.FeatureScaling;
import org.junit.jupiter.api.Test;

class NormalizationTest {

  private static FeatureTable table(float[][] rows) {
    FloatTable.Builder table = new FloatTable.Builder(rows[0].length);
    for (float[] row : rows) {
      table.append(row, 0);
    }
    return table.build();
  }

  private static float[][] apply(FeatureScaling normalization, FeatureTable table) {
    Samples samples = Samples.of(table, new int[table.rows()], 1);
    return Places.rows(samples.withNormalization(normalization));
  }

  @Test
  void standardizedTrainingRowsHaveMeanZeroAndDeviationOne() {
    Random random = new Random(5);
    float[][] values = new float[1000][4];
    for (float[] row : values) {
      row[0] = (float) random.nextGaussian() * 3 + 5;
      row[1] = (float) random.nextGaussian() * 1e-6f;
      row[2] = (float) random.nextGaussian() + 10_000;
      row[3] = random.nextInt(2);
    }
    FeatureTable table = table(values);
    int[] train = RowSplit.all(700);
    float[][] out = apply(Normalization.fit(NormalizationKind.STANDARDIZE, table, train), table);
    for (int f = 0; f < 4; f++) {
      double sum = 0;
      double squares = 0;
      for (int row : train) {
        sum += out[row][f];
        squares += (double) out[row][f] * out[row][f];
      }
      // A mean of 10000 deviations is known to 1e-3 of one in single precision.
      assertEquals(0, sum / 700, 1e-3, "mean of feature " + f);
      assertEquals(1, squares / 700, 2e-3, "variance of feature " + f);
    }
  }

  @Test
  void onlyTrainingRowsCount() {
    FeatureTable table = table(new float[][] {{0}, {2}, {1000}});
    FeatureScaling fitted =
        Normalization.fit(NormalizationKind.STANDARDIZE, table, new int[] {0, 1});
    assertArrayEquals(new float[][] {{-1}, {1}, {999}}, apply(fitted, table));
    FeatureScaling scaled = Normalization.fit(NormalizationKind.SCALE, table, new int[] {0, 1});
    assertArrayEquals(new float[][] {{0}, {1}, {500}}, apply(scaled, table));
  }

  @Test
  void constantFeaturesBecomeZero() {
    FeatureTable table = table(new float[][] {{0.1f, 1}, {0.1f, 2}, {0.1f, 3}, {7, 4}});
    int[] train = {0, 1, 2};
    for (NormalizationKind kind :
        new NormalizationKind[] {NormalizationKind.STANDARDIZE, NormalizationKind.SCALE}) {
      float[][] out = apply(Normalization.fit(kind, table, train), table);
      for (float[] row : out) {
        assertEquals(0, row[0], kind.toString());
      }
    }
  }

  @Test
  void extremeFeaturesStayFinite() {
    float most = Float.MAX_VALUE;
    FeatureTable table =
        table(new float[][] {{-most, Float.MIN_VALUE, 1e38f}, {most, 0, 1.0000001e38f}});
    for (NormalizationKind kind : NormalizationKind.values()) {
      for (float[] row : apply(Normalization.fit(kind, table, new int[] {0, 1}), table)) {
        for (float value : row) {
          assertTrue(Float.isFinite(value), kind + " gives " + value);
        }
      }
    }
  }

  @Test
  void bytesAreScaledBy255WhateverTheRowsHold() {
    ByteTable.Builder table = new ByteTable.Builder(3);
    table.append(new byte[] {0, 51, (byte) 255}, 0);
    ByteTable bytes = table.build();
    float[][] out = apply(Normalization.fit(NormalizationKind.SCALE, bytes, new int[] {0}), bytes);
    assertArrayEquals(new float[] {0, 0.2f, 1}, out[0], 1e-6f);
  }

  @Test
  void zerosOfSparseRowsCount() {
    SparseTable.Builder builder = new SparseTable.Builder();
    builder.add(0, 4);
    builder.endRow();
    builder.endRow();
    SparseTable sparse = builder.build();
    FeatureScaling fitted =
        Normalization.fit(NormalizationKind.STANDARDIZE, sparse, new int[] {0, 1});
    assertArrayEquals(new float[][] {{1}, {-1}}, apply(fitted, sparse));
  }

  @Test
  void noneLeavesValuesAsTheyAre() {
    FeatureTable table = table(new float[][] {{0.1f, -7}});
    FeatureScaling none = Normalization.fit(NormalizationKind.NONE, table, new int[] {0});
    assertArrayEquals(new float[][] {{0.1f, -7}}, apply(none, table));
    assertEquals(FeatureScaling.identity(2), none);
  }

  @Test
  void aNormalizationOfOtherDataIsRefused() {
    Samples samples = Samples.of(table(new float[][] {{1, 2}}), new int[1], 1);
    UserException e =
        assertThrows(
            UserException.class, () -> samples.withNormalization(FeatureScaling.identity(784)));
    assertEquals(
        "The normalisation is for 784 features, expected 2 as in the data.", e.getMessage());
  }

  @Test
  void statisticsOfVeryWideRowsTakeSmallerBlocks() {
    int last = (1 << 20) - 1;
    SparseTable.Builder builder = new SparseTable.Builder();
    for (int row = 0; row < 20; row++) {
      builder.add(last, row);
      builder.endRow();
    }
    FeatureStatistics statistics = FeatureStatistics.of(builder.build(), RowSplit.all(20));
    assertEquals(9.5, statistics.mean()[last], 1e-12);
    assertEquals(33.25, statistics.variance()[last], 1e-12);
    assertEquals(0, statistics.variance()[0]);
  }

  @Test
  void statisticsOfManyBlocksAgreeWithTheDefinition() {
    Random random = new Random(6);
    float[][] values = new float[333][1];
    double sum = 0;
    for (float[] row : values) {
      row[0] = 1e6f + random.nextInt(100);
      sum += row[0];
    }
    double mean = sum / values.length;
    double squares = 0;
    for (float[] row : values) {
      squares += (row[0] - mean) * (row[0] - mean);
    }
    FeatureStatistics statistics = FeatureStatistics.of(table(values), RowSplit.all(333));
    assertEquals(mean, statistics.mean()[0], 1e-8);
    assertEquals(squares / values.length, statistics.variance()[0], 1e-8);
  }
}
