/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FeatureTableTest {

  /** A table beside the values that went into it. */
  record Case(String name, FeatureTable table, float[][] values) {
    @Override
    public String toString() {
      return name + " " + values.length + "x" + values[0].length;
    }
  }

  static Stream<Case> tables() {
    // 700 features x 3100 rows and 300000 features x 9 rows span several pages.
    int[][] sizes = {{1, 1}, {5, 3}, {9, 257}, {3100, 700}, {9, 300_000}};
    return Arrays.stream(sizes)
        .flatMap(s -> Stream.of(bytes(s[0], s[1]), floats(s[0], s[1]), sparse(s[0], s[1])));
  }

  private static Case bytes(int rows, int features) {
    Random random = new Random(1);
    float[][] values = new float[rows][features];
    ByteTable.Builder table = new ByteTable.Builder(features);
    byte[] row = new byte[features + 2];
    for (float[] value : values) {
      random.nextBytes(row);
      for (int f = 0; f < features; f++) {
        value[f] = row[f + 2] & 0xff;
      }
      table.append(row, 2);
    }
    return new Case("bytes", table.build(), values);
  }

  private static Case floats(int rows, int features) {
    Random random = new Random(2);
    float[][] values = new float[rows][features];
    FloatTable.Builder table = new FloatTable.Builder(features);
    for (float[] value : values) {
      for (int f = 0; f < features; f++) {
        value[f] = random.nextFloat() - 0.5f;
      }
      table.append(value, 0);
    }
    return new Case("floats", table.build(), values);
  }

  private static Case sparse(int rows, int features) {
    Random random = new Random(3);
    float[][] values = new float[rows][features];
    SparseTable.Builder table = new SparseTable.Builder();
    for (float[] value : values) {
      for (int f = 0; f < features; f++) {
        value[f] = random.nextInt(20) == 0 ? random.nextFloat() : 0;
        table.add(f, value[f]);
      }
      table.endRow();
    }
    return new Case("sparse", table.build(), values);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void tablesGiveBackWhatWasPutIn(Case c) {
    assertEquals(c.values.length, c.table.rows());
    assertEquals(c.values[0].length, c.table.features());
    if ((long) c.values.length * c.values[0].length < 2_000_000) {
      assertArrayEquals(c.values, Gathered.rows(c.table));
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void gatherWritesScaledValuesFeatureMajorAndNothingElse(Case c) {
    int features = c.table.features();
    Random random = new Random(4);
    float[] scale = new float[features];
    float[] shift = new float[features];
    for (int f = 0; f < features; f++) {
      scale[f] = random.nextFloat();
      shift[f] = random.nextFloat();
    }
    int first = features / 3;
    int end = Math.min(features, first + 300);
    for (int count : new int[] {0, 1, 3, 4, 7, 40}) {
      int stride = count + 3;
      int offset = 5;
      int[] rows = random.ints(count, 0, c.table.rows()).toArray();
      float[] target = new float[offset + end * stride + 2];
      Arrays.fill(target, Float.NaN);
      float[] expected = target.clone();
      for (int f = first; f < end; f++) {
        for (int i = 0; i < count; i++) {
          expected[offset + f * stride + i] = c.values[rows[i]][f] * scale[f] + shift[f];
        }
      }
      c.table.gather(rows, count, first, end, scale, shift, target, offset, stride);
      assertArrayEquals(expected, target);
    }
  }

  @Test
  void manyThreadsReadTheSame() throws Exception {
    Case c = bytes(1000, 64);
    float[][] expected = Gathered.rows(c.table);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<float[][]>> readers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        readers.add(() -> Gathered.rows(c.table));
      }
      for (Future<float[][]> result : pool.invokeAll(readers)) {
        assertArrayEquals(expected, result.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void sparseTablesStoreOnlyWhatIsNotZero() {
    SparseTable.Builder builder = new SparseTable.Builder();
    builder.add(2, 5);
    builder.add(7, 0);
    builder.endRow();
    builder.endRow();
    SparseTable table = builder.build();
    assertEquals(1, table.nnz());
    assertEquals(8, table.features());
    assertEquals(10, table.widened(10).features());
    assertEquals(8, table.widened(3).features());
    assertArrayEquals(new float[10], Gathered.rows(table.widened(10))[1]);
  }
}
