/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import org.espalier.sparse.KeyedPermutation;

/**
 * Draws distinct random numbers in ascending order: the first images of a keyed permutation,
 * dropped into buckets by their high bits, each bucket sorted by itself.
 *
 * <p>The images are found twice, once to count the buckets and once to fill them: that is cheaper
 * than memory to keep them in.
 */
final class DistinctDraw {

  /** Numbers a bucket holds, if that does not take too many buckets: few enough for a cache. */
  private static final int BUCKET = 1_024;

  /** More buckets than this are filled slower than larger ones are sorted. */
  private static final int MAX_BUCKETS = 2_048;

  /** Images found at a time. */
  private static final int BLOCK = 1_024;

  private final WorkerPool pool;
  private final int count;
  private final long[] target;
  private final KeyedPermutation permutation;
  private final int shift;
  private final int[] start; // of each bucket in the target, and the end

  private DistinctDraw(WorkerPool pool, long cells, int count, long key, long[] target) {
    this.pool = pool;
    this.count = count;
    this.target = target;
    this.permutation = new KeyedPermutation(cells, key);
    int wanted = Math.max(1, Math.min(MAX_BUCKETS, count / BUCKET));
    int bits = 64 - Long.numberOfLeadingZeros(cells - 1);
    this.shift = Math.max(0, bits - (31 - Integer.numberOfLeadingZeros(wanted)));
    this.start = new int[(int) (cells - 1 >>> shift) + 2];
  }

  /**
   * Writes {@code count} distinct numbers of {@code [0, cells)}, ascending, to the start of the
   * target.
   *
   * @throws IllegalArgumentException if there are not that many numbers
   */
  static void ascending(WorkerPool pool, long cells, int count, long key, long[] target) {
    check(cells, count);
    if (count == cells) {
      for (int i = 0; i < count; i++) {
        target[i] = i;
      }
    } else if (count > 0) {
      new DistinctDraw(pool, cells, count, key, target).draw();
    }
  }

  /**
   * Checks that there are enough numbers.
   *
   * @throws IllegalArgumentException if not
   */
  static void check(long cells, int count) {
    if (count > cells) {
      throw new IllegalArgumentException(
          "%d connections asked of %d free cells".formatted(count, cells));
    }
  }

  private void draw() {
    int parts = Parts.of(pool, count);
    int buckets = start.length - 1;
    int[][] next = new int[parts][buckets];
    pool.run(parts, (part, worker) -> images(part, parts, next[part], null));
    int sum = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      start[bucket] = sum;
      for (int[] own : next) {
        int size = own[bucket];
        own[bucket] = sum;
        sum += size;
      }
    }
    start[buckets] = sum;
    pool.run(parts, (part, worker) -> images(part, parts, next[part], target));
    pool.run(
        parts,
        (part, worker) ->
            sort(Parts.start(buckets, part, parts), Parts.start(buckets, part + 1, parts)));
  }

  /** Finds a part's images; counts them by bucket, or moves them there if a target is given. */
  private void images(int part, int parts, int[] buckets, long[] to) {
    int end = Parts.start(count, part + 1, parts);
    long[] block = new long[BLOCK];
    for (int first = Parts.start(count, part, parts); first < end; first += BLOCK) {
      int size = Math.min(BLOCK, end - first);
      permutation.images(first, size, block, 0);
      if (to == null) {
        tally(block, size, shift, buckets);
      } else {
        scatter(block, size, shift, buckets, to);
      }
    }
  }

  private static void tally(long[] block, int size, int shift, int[] buckets) {
    for (int i = 0; i < size; i++) {
      buckets[(int) (block[i] >>> shift)]++;
    }
  }

  private static void scatter(long[] block, int size, int shift, int[] buckets, long[] to) {
    for (int i = 0; i < size; i++) {
      to[buckets[(int) (block[i] >>> shift)]++] = block[i];
    }
  }

  private void sort(int fromBucket, int toBucket) {
    int largest = 0;
    for (int bucket = fromBucket; bucket < toBucket; bucket++) {
      largest = Math.max(largest, start[bucket + 1] - start[bucket]);
    }
    long[] scratch = new long[largest];
    for (int bucket = fromBucket; bucket < toBucket; bucket++) {
      sort(target, start[bucket], start[bucket + 1] - start[bucket], shift, scratch);
    }
  }

  /**
   * Sorts numbers that share all but their low bits and are spread evenly: into as many narrower
   * buckets as there are numbers, then by insertion.
   */
  private static void sort(long[] numbers, int from, int size, int bits, long[] scratch) {
    if (size < 2) {
      return;
    }
    int narrowBits = Math.min(bits, 32 - Integer.numberOfLeadingZeros(size - 1));
    int shift = bits - narrowBits;
    int mask = (1 << narrowBits) - 1;
    int[] next = new int[mask + 2];
    for (int i = from; i < from + size; i++) {
      next[((int) (numbers[i] >>> shift) & mask) + 1]++;
    }
    for (int narrow = 0; narrow < mask; narrow++) {
      next[narrow + 1] += next[narrow];
    }
    for (int i = from; i < from + size; i++) {
      scratch[next[(int) (numbers[i] >>> shift) & mask]++] = numbers[i];
    }
    for (int i = 0; i < size; i++) {
      long number = scratch[i];
      int at = from + i;
      for (; at > from && numbers[at - 1] > number; at--) {
        numbers[at] = numbers[at - 1];
      }
      numbers[at] = number;
    }
  }
}
