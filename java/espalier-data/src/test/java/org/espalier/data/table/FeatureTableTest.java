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
      assertArrayEquals(c.values, Contents.rows(c.table));
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void rangesOfFeaturesTouchNothingElse(Case c) {
    int features = c.table.features();
    Random random = new Random(4);
    int third = features / 3;
    int[][] ranges = {{0, 1}, {third, Math.min(features, third + 300)}, {third, third}};
    for (int[] range : ranges) {
      for (int i = 0; i < 20; i++) {
        int row = random.nextInt(c.table.rows());
        float[] target = new float[range[1] - range[0] + 8];
        Arrays.fill(target, Float.NaN);
        float[] expected = target.clone();
        System.arraycopy(c.values[row], range[0], expected, 5, range[1] - range[0]);
        c.table.read(row, range[0], range[1], target, 5);
        assertArrayEquals(expected, target);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void onlyFloatsStandInArrays(Case c) {
    for (int row = 0; row < c.values.length; row += 1 + c.values.length / 100) {
      float[] array = c.table.array(row);
      assertEquals(c.name.equals("floats"), array != null);
      if (array != null) {
        int start = c.table.start(row);
        assertArrayEquals(
            c.values[row], Arrays.copyOfRange(array, start, start + c.values[row].length));
      }
    }
  }

  @Test
  void manyThreadsReadTheSame() throws Exception {
    Case c = bytes(1000, 64);
    float[][] expected = Contents.rows(c.table);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Callable<float[][]>> readers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        readers.add(() -> Contents.rows(c.table));
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
    assertArrayEquals(new float[10], Contents.rows(table.widened(10))[1]);
  }
}
