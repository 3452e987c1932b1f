/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

/** Spreads an operation over threads, some images of a row at a time. */
public final class ImageSpread implements WorkerPool.Task {

  /** What is done with images {@code first} to {@code end} of a row. */
  public interface Body {

    /** Does them; the worker is for scratch memory only. */
    void images(int row, int first, int end, int worker);
  }

  private final WorkerPool pool;
  private final Body body;
  private int images;
  private int group;
  private int groups;
  private int items;
  private int parts;

  /** Creates an operation of a team. */
  public ImageSpread(WorkerPool pool, Body body) {
    this.pool = pool;
    this.body = body;
  }

  /**
   * Runs the operation.
   *
   * @param groupSize images that are better done together
   * @param numbers that are read and written
   */
  public void run(int rows, int imagesOfRow, int groupSize, long numbers) {
    images = imagesOfRow;
    group = groupSize;
    groups = (images + group - 1) / group;
    items = Math.multiplyExact(rows, groups);
    parts = Math.min(Parts.of(pool, numbers), items);
    pool.run(parts, this);
  }

  @Override
  public void run(int part, int worker) {
    int end = Parts.start(items, part + 1, parts);
    for (int item = Parts.start(items, part, parts); item < end; item++) {
      int first = item % groups * group;
      body.images(item / groups, first, Math.min(first + group, images), worker);
    }
  }
}
