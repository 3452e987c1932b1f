/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Cases of {@link org.espalier.backend.SparseProducts#sddmmSgd}. */
final class FusedUpdateCases {

  private static final float RATE = 0.05f;

  private static final SgdRule PLAIN = new SgdRule(0, false, 2e-3f);
  private static final SgdRule HEAVY_BALL = new SgdRule(0.9f, false, 5e-4f);
  private static final SgdRule NESTEROV = new SgdRule(0.9f, true, 5e-4f);

  private FusedUpdateCases() {}

  static void addTo(List<OperationCase> cases) {
    for (SgdRule rule : List.of(PLAIN, HEAVY_BALL, NESTEROV)) {
      cases.add(fused(Pattern.uniform(1, 1, 1), Batch.of(1), rule, RATE, true, false));
      cases.add(fused(Pattern.uniform(37, 53, 0), Batch.of(17), rule, RATE, true, false));
      cases.add(fused(Pattern.skewed(37, 53, 400), Batch.of(100), rule, RATE, true, false));
      cases.add(fused(Pattern.skewed(37, 53, 400), Batch.of(100), rule, RATE, false, false));
      cases.add(
          fused(Pattern.uniform(11, 55, 293), Batch.partial(17, 128), rule, RATE, true, false));
      // several chunks, several tiles of positions
      cases.add(fused(Pattern.uniform(200, 300, 3000), Batch.of(96), rule, RATE, true, false));
      cases.add(fused(Pattern.uniform(130, 70, 2911), Batch.of(257), rule, RATE, true, false));
    }
    cases.add(fused(Pattern.uniform(300, 400, 40_000), Batch.of(130), NESTEROV, RATE, true, false));
    cases.add(fused(Pattern.uniform(90, 2000, 40_000), Batch.of(100), NESTEROV, RATE, true, false));
    for (int percent : new int[] {1, 10}) {
      Pattern pattern = Pattern.uniform(1024, 1024, 1024 * 1024 * percent / 100);
      // a rate at which thousands of steps in a benchmark change nothing much
      cases.add(fused(pattern, Batch.of(128), HEAVY_BALL, 1e-9f, true, true));
    }
  }

  private static OperationCase fused(
      Pattern pattern, Batch batch, SgdRule rule, float rate, boolean withCopy, boolean benchmark) {
    boolean withVelocity = rule.momentum() != 0;
    return new OperationCase(
        "sddmmSgd",
        "%s %s momentum=%s%s decay=%s%s"
            .formatted(
                pattern,
                batch,
                rule.momentum(),
                rule.nesterov() ? " nesterov" : "",
                rule.weightDecay(),
                withCopy ? "" : " no copy"),
        2L * pattern.nnz() * batch.positions() + 7L * pattern.nnz(),
        SparseCases.csrBytes(pattern)
            + SparseCases.activationBytes(pattern, batch)
            + (withVelocity ? 12L : 4L) * pattern.nnz()
            + (withCopy ? 8L : 0L) * pattern.nnz(),
        benchmark,
        workspace -> {
          SparseWeights weights = workspace.weights(pattern);
          if (withCopy) {
            weights.setTransposed(workspace.backend().topology().transpose(weights.csr()));
          }
          Tensor x = workspace.input(pattern.columns(), batch);
          Tensor dy = workspace.input(pattern.rows(), batch);
          DeviceBuffer bias = workspace.blank(pattern.rows());
          return update(workspace, weights, x, dy, bias, rule, rate, batch.positions());
        });
  }

  /**
   * Returns an update of these weights, with everything that it changes.
   *
   * @param bias where the gradient of the bias goes, or null
   * @param terms of the sum of each gradient
   */
  static PreparedCase update(
      Workspace workspace,
      SparseWeights weights,
      Tensor x,
      Tensor dy,
      DeviceBuffer bias,
      SgdRule rule,
      float rate,
      int terms) {
    Backend backend = workspace.backend();
    int nnz = weights.csr().nnz();
    DeviceBuffer velocity =
        rule.momentum() == 0 ? null : workspace.inPlace(workspace.random(nnz, 1));
    ErrorBound bound = ErrorBound.sum(terms + 2, 1);
    return workspace.prepared(
        () -> backend.sparse().sddmmSgd(weights, x, dy, velocity, bias, rule, rate),
        () -> {
          Memory memory = backend.memory();
          List<Output> results = new ArrayList<>();
          results.add(Results.of("values", memory, weights.csr().values(), nnz, bound));
          if (bias != null) {
            results.add(Results.of("bias gradient", memory, bias, dy.rows(), bound));
          }
          if (velocity != null) {
            results.add(Results.of("velocity", memory, velocity, nnz, bound));
          }
          weights
              .transposed()
              .ifPresent(
                  copy ->
                      results.add(
                          Results.of("copied values", memory, copy.csr().values(), nnz, bound)));
          return results;
        });
  }
}
