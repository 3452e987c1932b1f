/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.espalier.UserException;

/**
 * The rows of one table, shared out between training and test; both in file order.
 *
 * @param train row numbers of the training samples
 * @param test row numbers of the test samples
 */
record RowSplit(int[] train, int[] test) {

  /** Returns all rows of a table in order. */
  static int[] all(int rows) {
    return IntStream.range(0, rows).toArray();
  }

  /**
   * Splits a set of one part.
   *
   * @param name what messages call it
   * @param seed of a random split
   * @param labels of all rows
   * @param parts what the set would need for a split of its own, for the message
   * @throws UserException if the split cannot be had
   */
  static RowSplit of(
      String name, SplitRequest split, long seed, int[] labels, int classes, String parts) {
    if (split instanceof SplitRequest.First first) {
      return first(name, first.trainRows(), labels.length);
    }
    if (split instanceof SplitRequest.Random random) {
      return random(name, random, seed, labels, classes);
    }
    throw new UserException(
        "%s: the set has one part, expected %s; ask for a random split.".formatted(name, parts));
  }

  /**
   * Splits after the first rows.
   *
   * @throws UserException if no row is left for testing
   */
  static RowSplit first(String name, int trainRows, int rows) {
    if (trainRows >= rows) {
      throw new UserException(
          String.format(
              "%s: the first %d rows were asked for training, expected fewer than its %d rows.",
              name, trainRows, rows));
    }
    return new RowSplit(
        IntStream.range(0, trainRows).toArray(), IntStream.range(trainRows, rows).toArray());
  }

  /**
   * Draws the test rows: those with the smallest hash of seed and row number, so that neither
   * threads nor Java versions change the draw.
   *
   * @throws UserException if there are fewer than two rows
   */
  static RowSplit random(
      String name, SplitRequest.Random request, long seed, int[] labels, int classes) {
    int rows = labels.length;
    if (rows < 2) {
      throw new UserException(
          name
              + ": the file has one row, expected at least two, to train on one and test another.");
    }
    int count = (int) Math.round(request.testFraction() * rows);
    count = Math.max(1, Math.min(rows - 1, count));
    boolean[] isTest = new boolean[rows];
    int[] order =
        IntStream.range(0, rows)
            .boxed()
            .sorted(Comparator.comparingLong(row -> hash(seed, row)))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] group = request.stratified() ? labels : new int[rows];
    int[] wanted = quotas(group, request.stratified() ? classes : 1, count);
    for (int row : order) {
      if (wanted[group[row]] > 0) {
        wanted[group[row]]--;
        isTest[row] = true;
      }
    }
    return new RowSplit(
        IntStream.range(0, rows).filter(row -> !isTest[row]).toArray(),
        IntStream.range(0, rows).filter(row -> isTest[row]).toArray());
  }

  /**
   * Shares {@code count} out over the groups by size: whole parts first, then largest remainders.
   */
  private static int[] quotas(int[] group, int groups, int count) {
    long[] sizes = new long[groups];
    for (int g : group) {
      sizes[g]++;
    }
    int[] quotas = new int[groups];
    int left = count;
    for (int g = 0; g < groups; g++) {
      quotas[g] = (int) (sizes[g] * count / group.length);
      left -= quotas[g];
    }
    IntStream.range(0, groups)
        .boxed()
        .sorted(Comparator.comparingLong(g -> -(sizes[g] * count % group.length)))
        .limit(left)
        .forEach(g -> quotas[g]++);
    return quotas;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014), a bijection of 64-bit words. */
  private static long hash(long seed, long row) {
    long z = mix(seed) + (row + 1) * 0x9e3779b97f4a7c15L;
    return mix(z);
  }

  private static long mix(long word) {
    long z = word;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
