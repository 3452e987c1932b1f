/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.SampleReader;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Cases of {@link org.espalier.backend.RowOps#gather}. Each run gathers another random batch of a
 * set, as a training step does: a batch that is gathered again is in the cache already. The set
 * stands in arrays that the reader offers, or in others.
 */
final class GatherCases {

  private static final int[] FEATURES = {1, 7, 8, 15, 16, 17, 33, 70};
  private static final int[] POSITIONS = {1, 7, 8, 15, 16, 17, 100, 128, 200, 257};
  private static final int SMALL_SET = 300;
  private static final int LARGE_SET = 2500;

  /** Samples of an array at most. */
  private static final int PAGE = 7;

  /** Numbers before the first sample in an array; samples then begin anywhere in a line. */
  private static final int BEFORE = 5;

  private GatherCases() {}

  private record Shape(int features, Batch batch, int samples) {

    long elements() {
      return (long) features * batch.positions();
    }

    @Override
    public String toString() {
      return "features=%d %s of %d".formatted(features, batch, samples);
    }
  }

  static void addTo(List<OperationCase> cases) {
    for (int features : FEATURES) {
      for (int positions : POSITIONS) {
        addAll(cases, new Shape(features, Batch.of(positions), SMALL_SET));
      }
      addAll(cases, new Shape(features, Batch.partial(17, 128), SMALL_SET));
    }
    addAll(cases, new Shape(784, Batch.of(100), SMALL_SET));
    addAll(cases, new Shape(1025, Batch.of(17), SMALL_SET));
    addAll(cases, new Shape(2111, Batch.of(257), SMALL_SET));
    addAll(cases, new Shape(3072, Batch.of(100), SMALL_SET));
    for (boolean inArrays : new boolean[] {false, true}) {
      cases.add(gather(new Shape(784, Batch.of(100), LARGE_SET), inArrays, true, true));
      cases.add(gather(new Shape(3072, Batch.of(100), LARGE_SET), inArrays, true, true));
    }
  }

  private static void addAll(List<OperationCase> cases, Shape shape) {
    for (boolean inArrays : new boolean[] {false, true}) {
      cases.add(gather(shape, inArrays, false, false));
      cases.add(gather(shape, inArrays, true, false));
    }
  }

  private static OperationCase gather(
      Shape shape, boolean inArrays, boolean scaled, boolean benchmark) {
    return new OperationCase(
        "gather",
        shape + (inArrays ? " in arrays" : "") + (scaled ? " scaled" : ""),
        scaled ? 2 * shape.elements() : 0,
        8 * shape.elements() + (scaled ? 8L * shape.features() : 0),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          int[] drawn = new int[shape.batch().positions()];
          SampleReader samples =
              inArrays ? Pages.of(workspace, shape, drawn) : Apart.of(workspace, shape, drawn);
          DeviceBuffer scaling =
              scaled ? workspace.array(workspace.random(2 * shape.features(), 1)) : null;
          Tensor x = workspace.blank(shape.features(), shape.batch());
          ErrorBound bound = scaled ? ErrorBound.elementwise(1) : ErrorBound.EXACT;
          int[] runs = {0};
          return workspace.prepared(
              () -> {
                draw(drawn, shape.samples(), runs[0]++);
                backend.rows().gather(samples, scaling, x);
              },
              () -> List.of(Results.of("x", backend.memory(), x, bound)));
        });
  }

  /** Samples in arrays of their own, of exactly as many features, so that reading beyond throws. */
  private record Apart(float[][] set, int[] drawn) implements SampleReader {

    static Apart of(Workspace workspace, Shape shape, int[] drawn) {
      float[][] set = new float[shape.samples()][];
      for (int i = 0; i < set.length; i++) {
        set[i] = workspace.random(shape.features(), 1);
      }
      return new Apart(set, drawn);
    }

    @Override
    public void read(int position, int first, int end, float[] target, int at) {
      System.arraycopy(set[drawn[position]], first, target, at, end - first);
    }
  }

  /**
   * Samples in arrays of some each, which begin with what is none of theirs and end with the last.
   */
  private record Pages(float[][] pages, int features, int[] drawn) implements SampleReader {

    static Pages of(Workspace workspace, Shape shape, int[] drawn) {
      float[][] pages = new float[(shape.samples() - 1) / PAGE + 1][];
      for (int i = 0; i < pages.length; i++) {
        int samples = Math.min(PAGE, shape.samples() - i * PAGE);
        pages[i] = workspace.random(BEFORE + samples * shape.features(), 1);
        Arrays.fill(pages[i], 0, BEFORE, Float.NaN);
      }
      return new Pages(pages, shape.features(), drawn);
    }

    @Override
    public float[] array(int position) {
      return pages[drawn[position] / PAGE];
    }

    @Override
    public int start(int position) {
      return BEFORE + drawn[position] % PAGE * features;
    }

    @Override
    public void read(int position, int first, int end, float[] target, int at) {
      System.arraycopy(array(position), start(position) + first, target, at, end - first);
    }
  }

  /** Draws a batch whose last sample is that of the set. */
  private static void draw(int[] drawn, int samples, int run) {
    long key = Keys.of(3, run);
    for (int p = 0; p < drawn.length; p++) {
      drawn[p] = (int) Long.remainderUnsigned(Keys.hash(key, p), samples);
    }
    drawn[drawn.length - 1] = samples - 1; // its array ends with it
  }
}
