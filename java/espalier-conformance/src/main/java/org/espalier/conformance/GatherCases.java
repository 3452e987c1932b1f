/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.SampleReader;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * Cases of {@link org.espalier.backend.RowOps#gather}. Each run gathers another random batch of a
 * set, as a training step does: a batch that is gathered again is in the cache already.
 */
final class GatherCases {

  private static final int[] FEATURES = {1, 7, 8, 15, 16, 17, 33, 70};
  private static final int[] POSITIONS = {1, 7, 8, 15, 16, 17, 100, 128, 200, 257};
  private static final int SMALL_SET = 300;
  private static final int LARGE_SET = 2500;

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
        addBoth(cases, new Shape(features, Batch.of(positions), SMALL_SET));
      }
      addBoth(cases, new Shape(features, Batch.partial(17, 128), SMALL_SET));
    }
    addBoth(cases, new Shape(784, Batch.of(100), SMALL_SET));
    addBoth(cases, new Shape(1025, Batch.of(17), SMALL_SET));
    addBoth(cases, new Shape(2111, Batch.of(257), SMALL_SET));
    addBoth(cases, new Shape(3072, Batch.of(100), SMALL_SET));
    cases.add(gather(new Shape(784, Batch.of(100), LARGE_SET), true, true));
    cases.add(gather(new Shape(3072, Batch.of(100), LARGE_SET), true, true));
  }

  private static void addBoth(List<OperationCase> cases, Shape shape) {
    cases.add(gather(shape, false, false));
    cases.add(gather(shape, true, false));
  }

  private static OperationCase gather(Shape shape, boolean scaled, boolean benchmark) {
    return new OperationCase(
        "gather",
        shape + (scaled ? " scaled" : ""),
        scaled ? 2 * shape.elements() : 0,
        8 * shape.elements() + (scaled ? 8L * shape.features() : 0),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          // rows of exactly as many features, so that reading beyond throws
          float[][] set = new float[shape.samples()][];
          for (int i = 0; i < set.length; i++) {
            set[i] = workspace.random(shape.features(), 1);
          }
          int[] drawn = new int[shape.batch().positions()];
          SampleReader samples =
              (position, first, end, target, at) ->
                  System.arraycopy(set[drawn[position]], first, target, at, end - first);
          DeviceBuffer scaling =
              scaled ? workspace.array(workspace.random(2 * shape.features(), 1)) : null;
          Tensor x = workspace.blank(shape.features(), shape.batch());
          ErrorBound bound = scaled ? ErrorBound.elementwise(1) : ErrorBound.EXACT;
          int[] runs = {0};
          return workspace.prepared(
              () -> {
                draw(drawn, set.length, runs[0]++);
                backend.rows().gather(samples, scaling, x);
              },
              () -> List.of(Results.of("x", backend.memory(), x, bound)));
        });
  }

  private static void draw(int[] drawn, int samples, int run) {
    long key = Keys.of(3, run);
    for (int p = 0; p < drawn.length; p++) {
      drawn[p] = (int) Long.remainderUnsigned(Keys.hash(key, p), samples);
    }
  }
}
