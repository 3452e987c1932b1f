/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import java.util.Locale;
import org.espalier.backend.Backend;
import org.espalier.backend.PruneScore;
import org.espalier.backend.PruneScore.Kind;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * Cases of the topology operations that read weights off: scores, counts, sums, positions; all
 * results are compared exactly.
 */
final class ScoreCases {

  private static final long KEY = 0x73636f7265L;

  private ScoreCases() {}

  static void addTo(List<OperationCase> cases) {
    for (Pattern pattern : TopologyCases.PATTERNS) {
      for (Kind kind : Kind.values()) {
        cases.add(score(pattern, kind, false, false));
        cases.add(score(pattern, kind, true, false));
      }
      cases.add(countKept(pattern, false));
      cases.add(sumOfMagnitudes(pattern, false));
      cases.add(positions(pattern, false));
    }
    for (Kind kind : Kind.values()) {
      cases.add(score(TopologyCases.LARGE, kind, false, true));
    }
    cases.add(countKept(TopologyCases.LARGE, true));
    cases.add(sumOfMagnitudes(TopologyCases.LARGE, true));
    cases.add(positions(TopologyCases.LARGE, true));
  }

  /** Some of the weights are zero, all of a row for instance, if so asked. */
  private static float[] values(Workspace workspace, Pattern pattern, boolean zeros) {
    float[] values = workspace.random(pattern.nnz(), 1);
    for (int k = 0; zeros && k < values.length; k++) {
      values[k] = k < 60 || k % 3 == 0 ? k % 2 == 0 ? 0f : -0f : values[k];
    }
    return values;
  }

  private static OperationCase score(Pattern pattern, Kind kind, boolean zeros, boolean benchmark) {
    return new OperationCase(
        "score",
        "%s %s%s"
            .formatted(pattern, kind.name().toLowerCase(Locale.ROOT), zeros ? " with zeros" : ""),
        0,
        12L * pattern.nnz() + 4L * (pattern.rows() + pattern.columns()),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          CsrMatrix csr = workspace.csr(pattern, values(workspace, pattern, zeros));
          DeviceBuffer gradient = workspace.array(workspace.random(pattern.nnz(), 3));
          DeviceBuffer scores = workspace.allocate(ElementType.FLOAT32, pattern.nnz());
          PruneScore score = new PruneScore(kind, 0.01f);
          return workspace.prepared(
              () ->
                  backend
                      .topology()
                      .score(score, csr, kind.readsGradient() ? gradient : null, KEY, scores),
              () ->
                  List.of(
                      Results.of(
                          "scores", backend.memory(), scores, pattern.nnz(), ErrorBound.EXACT)));
        });
  }

  private static OperationCase countKept(Pattern pattern, boolean benchmark) {
    return new OperationCase(
        "countKept",
        pattern.toString(),
        0,
        4L * pattern.nnz(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          float[] random = workspace.random(pattern.nnz(), 1);
          int[] flags = new int[pattern.nnz()];
          for (int k = 0; k < flags.length; k++) {
            flags[k] = random[k] > 0 ? 1 : 0;
          }
          DeviceBuffer keep = workspace.ints(flags);
          int[] kept = {-1};
          return workspace.prepared(
              () -> kept[0] = backend.topology().countKept(keep, pattern.nnz()),
              () -> List.of(Results.exact("kept", kept[0])));
        });
  }

  private static OperationCase sumOfMagnitudes(Pattern pattern, boolean benchmark) {
    return new OperationCase(
        "sumOfMagnitudes",
        pattern.toString(),
        0,
        4L * pattern.nnz(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer values = workspace.array(values(workspace, pattern, false));
          double[] sum = {-1};
          return workspace.prepared(
              () -> sum[0] = backend.topology().sumOfMagnitudes(values, pattern.nnz()),
              () -> List.of(Results.exact("sum", sum[0])));
        });
  }

  /** The positions are read through a rebuild of an empty layer. */
  private static OperationCase positions(Pattern pattern, boolean benchmark) {
    return new OperationCase(
        "positions",
        pattern.toString(),
        0,
        12L * pattern.nnz(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          CsrMatrix csr = workspace.csr(pattern, values(workspace, pattern, false));
          Pattern none = Pattern.uniform(pattern.rows(), pattern.columns(), 0);
          SparseWeights copy = workspace.weights(none);
          DeviceBuffer keep = workspace.ints(new int[0]);
          DeviceBuffer positions = workspace.allocate(ElementType.INT64, pattern.nnz());
          return workspace.prepared(
              () -> backend.topology().positions(csr, positions),
              () -> {
                backend
                    .topology()
                    .rebuild(copy, keep, positions, pattern.nnz(), ValueRule.ZEROS, 0, false);
                return Results.of(backend.memory(), copy.csr());
              });
        });
  }
}
