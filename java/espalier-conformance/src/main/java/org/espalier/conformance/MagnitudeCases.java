/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.backend.Backend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Cases of the topology operations that choose by magnitude over layers or over the cells of a
 * layer; all results are compared exactly.
 */
final class MagnitudeCases {

  private static final long VALUE_KEY = 0x76616c75L;

  private static final ValueRule UNIFORM = new ValueRule(ValueRule.Kind.UNIFORM, 0.25f);

  private static final List<Pattern> ONE = List.of(Pattern.uniform(37, 53, 700));
  private static final List<Pattern> EMPTY = List.of(Pattern.uniform(7, 5, 0));
  private static final List<Pattern> SEVERAL =
      List.of(
          Pattern.uniform(37, 53, 400),
          Pattern.uniform(5, 7, 0),
          Pattern.uniform(1, 1, 1),
          Pattern.skewed(37, 53, 300),
          Pattern.uniform(200, 300, 3000));

  private static final List<Pattern> LAYERS =
      List.of(
          Pattern.uniform(1, 1, 0),
          Pattern.uniform(1, 1, 1),
          Pattern.uniform(1, 300, 299),
          Pattern.uniform(300, 1, 150),
          Pattern.uniform(37, 53, 0),
          Pattern.uniform(37, 53, 37 * 53),
          Pattern.skewed(37, 53, 400),
          Pattern.uniform(65, 129, 900),
          Pattern.uniform(150, 260, 3000));

  private static final Batch BATCH = Batch.of(21);

  private static final Pattern LARGE = Pattern.uniform(512, 1024, 26_214);

  private MagnitudeCases() {}

  static void addTo(List<OperationCase> cases) {
    for (Values values : Values.values()) {
      for (double fraction : new double[] {0, 0.4, 1}) {
        cases.add(pruneMagnitude(ONE, values, fraction, false));
        cases.add(pruneMagnitude(SEVERAL, values, fraction, false));
      }
    }
    cases.add(pruneMagnitude(EMPTY, Values.REAL, 0, false));
    cases.add(pruneMagnitude(List.of(), Values.REAL, 0, false));
    cases.add(pruneMagnitude(List.of(LARGE, LARGE), Values.REAL, 0.3, true));
    for (Pattern pattern : LAYERS) {
      for (Values values : Values.values()) {
        cases.add(growGradient(pattern, BATCH, values, 0.05, false));
      }
      for (double share : new double[] {0, 0.5, 1}) {
        cases.add(growGradient(pattern, Batch.partial(7, 40), Values.INTEGERS, share, false));
      }
    }
    cases.add(growGradient(LAYERS.get(6), Batch.of(16), Values.REAL, 0.1, false));
    // more equal gradients than there is room to list
    cases.add(
        growGradient(Pattern.uniform(280, 300, 900), Batch.of(1), Values.ZEROS, 0.001, false));
    cases.add(growGradient(Pattern.uniform(280, 300, 900), Batch.of(2), Values.ZEROS, 0.05, false));
    cases.add(growGradient(LARGE, Batch.of(100), Values.REAL, 0.02, true));
  }

  /** What the numbers look like that are compared, or that gradients are made of. */
  private enum Values {
    REAL,
    /** The sums of few products are exact in any order, and many are equal. */
    INTEGERS,
    ZEROS,
    /** With infinities and numbers that are none. */
    SPECIAL;

    float[] fill(float[] random) {
      for (int k = 0; k < random.length; k++) {
        random[k] =
            switch (this) {
              case REAL -> random[k];
              case INTEGERS -> Math.round(3 * random[k]);
              case ZEROS -> k % 2 == 0 ? 0f : -0f;
              case SPECIAL ->
                  switch (Math.round(40 * random[k])) {
                    case 7 -> Float.NaN;
                    case -7 -> Float.intBitsToFloat(0xffc00000);
                    case 9 -> Float.POSITIVE_INFINITY;
                    case -9 -> Float.NEGATIVE_INFINITY;
                    default -> random[k];
                  };
            };
      }
      return random;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static OperationCase pruneMagnitude(
      List<Pattern> patterns, Values values, double fraction, boolean benchmark) {
    long total = patterns.stream().mapToLong(Pattern::nnz).sum();
    return new OperationCase(
        "pruneMagnitude",
        "%s %s fraction=%s".formatted(patterns, values, fraction),
        0,
        8 * total,
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          List<CsrMatrix> layers = new ArrayList<>();
          List<DeviceBuffer> keep = new ArrayList<>();
          for (Pattern pattern : patterns) {
            layers.add(workspace.csr(pattern, values.fill(workspace.random(pattern.nnz(), 1))));
            keep.add(workspace.blankInts(pattern.nnz()));
          }
          return workspace.prepared(
              () -> backend.topology().pruneMagnitude(layers, keep, (long) (fraction * total)),
              () -> {
                List<Output> results = new ArrayList<>();
                for (int i = 0; i < keep.size(); i++) {
                  int nnz = patterns.get(i).nnz();
                  results.add(Results.ints("keep", backend.memory(), keep.get(i), nnz));
                }
                return results;
              });
        });
  }

  private static OperationCase growGradient(
      Pattern pattern, Batch batch, Values values, double share, boolean benchmark) {
    return new OperationCase(
        "growGradient",
        "%s %s %s grown=%s".formatted(pattern, batch, values, share),
        2L * pattern.rows() * pattern.columns() * batch.positions(),
        4L * pattern.nnz() + 4L * (pattern.rows() + pattern.columns()) * batch.positions(),
        benchmark,
        workspace -> {
          SparseWeights weights = workspace.weights(pattern);
          Tensor x = tensor(workspace, pattern.columns(), batch, values);
          Tensor dy = tensor(workspace, pattern.rows(), batch, values);
          return grown(workspace, weights, share, x, dy);
        });
  }

  /**
   * Returns the growing of a share of the free cells after some pruning. The positions found are
   * read through a rebuild: 64-bit memory is not copied to the host.
   */
  static PreparedCase grown(
      Workspace workspace, SparseWeights weights, double share, Tensor x, Tensor dy) {
    Backend backend = workspace.backend();
    CsrMatrix csr = weights.csr();
    DeviceBuffer keep = workspace.blankInts(csr.nnz());
    int pruned = backend.topology().pruneSignwise(csr, 0.3, keep);
    int count = (int) (share * (csr.cells() - csr.nnz() + pruned));
    DeviceBuffer positions = workspace.allocate(ElementType.INT64, count);
    return workspace.prepared(
        () -> backend.topology().growGradient(csr, keep, x, dy, count, positions),
        () -> {
          backend.topology().rebuild(weights, keep, positions, count, UNIFORM, VALUE_KEY, false);
          return Results.of(backend.memory(), weights.csr());
        });
  }

  private static Tensor tensor(Workspace workspace, int rows, Batch batch, Values values) {
    return workspace.input(rows, batch, values.fill(workspace.random(rows * batch.positions(), 1)));
  }
}
