/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;

/** Cases of {@link org.espalier.backend.UpdateOps}. */
final class UpdateCases {

  private static final int[] LENGTHS = {0, 1, 15, 16, 17, 100, 1000, 4099, 70_001};

  /** A rule with the numbers that change from step to step. */
  private record Step(float learningRate, float gradientScale, SgdRule rule) {}

  private static final List<Step> STEPS =
      List.of(
          new Step(0.1f, 1, new SgdRule(0, false, 0)),
          new Step(0.05f, 0.5f, new SgdRule(0, false, 2e-3f)),
          new Step(0.1f, 1, new SgdRule(0.9f, false, 0)),
          new Step(0.1f, 0.25f, new SgdRule(0.9f, false, 5e-4f)),
          new Step(0.1f, 1, new SgdRule(0.9f, true, 5e-4f)));

  private static final int LARGE = 1 << 20;

  private UpdateCases() {}

  static void addTo(List<OperationCase> cases) {
    for (int length : LENGTHS) {
      for (Step step : STEPS) {
        cases.add(sgd(length, step, step.rule().momentum() != 0, false));
      }
      // a velocity that momentum 0 makes a copy of the gradient
      cases.add(sgd(length, STEPS.get(0), true, false));
      cases.add(sumOfSquares(length, false));
    }
    cases.add(syncTransposed(Pattern.uniform(1, 1, 1), true, false));
    cases.add(syncTransposed(Pattern.uniform(37, 53, 0), true, false));
    cases.add(syncTransposed(Pattern.skewed(37, 53, 400), true, false));
    cases.add(syncTransposed(Pattern.skewed(37, 53, 400), false, false));
    cases.add(syncTransposed(Pattern.uniform(11, 55, 11 * 55), true, false));
    cases.add(syncTransposed(Pattern.uniform(200, 300, 3000), true, false));
    cases.add(sgd(LARGE, new Step(1e-6f, 1, new SgdRule(0.9f, false, 5e-4f)), true, true));
    cases.add(sumOfSquares(LARGE, true));
    cases.add(syncTransposed(Pattern.uniform(1024, 1024, 52_428), true, true));
  }

  private static OperationCase sgd(int length, Step step, boolean withVelocity, boolean benchmark) {
    return new OperationCase(
        "sgd",
        "n=%d lr=%s momentum=%s%s decay=%s scale=%s%s"
            .formatted(
                length,
                step.learningRate(),
                step.rule().momentum(),
                step.rule().nesterov() ? " nesterov" : "",
                step.rule().weightDecay(),
                step.gradientScale(),
                withVelocity ? "" : " no velocity"),
        (withVelocity ? 7L : 5L) * length,
        (withVelocity ? 20L : 12L) * length,
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer values = workspace.inPlace(workspace.random(length, 1));
          DeviceBuffer gradient = workspace.array(workspace.random(length, 1));
          DeviceBuffer velocity =
              withVelocity ? workspace.inPlace(workspace.random(length, 1)) : null;
          return workspace.prepared(
              () ->
                  backend
                      .updates()
                      .sgd(
                          values,
                          gradient,
                          velocity,
                          length,
                          step.rule(),
                          step.learningRate(),
                          step.gradientScale()),
              () -> {
                List<Output> results = new ArrayList<>();
                ErrorBound bound = ErrorBound.elementwise(1);
                results.add(Results.of("values", backend.memory(), values, length, bound));
                if (withVelocity) {
                  results.add(Results.of("velocity", backend.memory(), velocity, length, bound));
                }
                return results;
              });
        });
  }

  private static OperationCase sumOfSquares(int length, boolean benchmark) {
    return new OperationCase(
        "sumOfSquares",
        "n=" + length,
        2L * length,
        4L * length,
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer values = workspace.array(workspace.random(length, 1));
          double[] sum = {Double.NaN};
          // squares of floats are exact in double, so only the order of the sum can differ
          ErrorBound bound = new ErrorBound(1, 1, 1e-4);
          return workspace.prepared(
              () -> sum[0] = backend.updates().sumOfSquares(values, length),
              () -> List.of(Results.array("sum", sum, bound)));
        });
  }

  private static OperationCase syncTransposed(
      Pattern pattern, boolean withCopy, boolean benchmark) {
    return new OperationCase(
        "syncTransposed",
        pattern + (withCopy ? "" : " no copy"),
        0,
        12L * pattern.nnz(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          SparseWeights weights = workspace.weights(pattern);
          if (withCopy) {
            weights.setTransposed(backend.topology().transpose(weights.csr()));
          }
          float[] stepped = workspace.random(pattern.nnz(), 1);
          backend.memory().upload(stepped, 0, weights.csr().values(), 0, stepped.length);
          return workspace.prepared(
              () -> backend.updates().syncTransposed(weights),
              () -> {
                List<Output> results = new ArrayList<>(Results.of(backend.memory(), weights.csr()));
                weights
                    .transposed()
                    .ifPresent(copy -> results.addAll(Results.of(backend.memory(), copy.csr())));
                return results;
              });
        });
  }
}
