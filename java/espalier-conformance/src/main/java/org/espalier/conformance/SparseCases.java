/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Cases of {@link org.espalier.backend.SparseProducts}. */
final class SparseCases {

  /** Numbers of positions around the widths of registers and tiles. */
  private static final int[] POSITIONS = {1, 15, 16, 17, 31, 33, 75, 100, 127, 128, 129, 300, 1000};

  private SparseCases() {}

  static void addTo(List<OperationCase> cases) {
    addBoth(cases, Pattern.uniform(1, 1, 0), Batch.of(1));
    addBoth(cases, Pattern.uniform(1, 1, 1), Batch.of(1));
    addBoth(cases, Pattern.uniform(1, 300, 300), Batch.of(17));
    addBoth(cases, Pattern.uniform(300, 1, 150), Batch.of(15));
    addBoth(cases, Pattern.uniform(37, 53, 0), Batch.of(17));
    addBoth(cases, Pattern.uniform(37, 53, 1), Batch.of(128));
    addBoth(cases, Pattern.uniform(37, 53, 37 * 53), Batch.of(33));
    addBoth(cases, Pattern.uniform(11, 55, 293), Batch.of(16));
    addBoth(cases, Pattern.uniform(11, 55, 293), Batch.partial(17, 128));
    addBoth(cases, Pattern.uniform(200, 300, 3000), Batch.of(96));
    addBoth(cases, Pattern.uniform(7, 2000, 1400), Batch.of(1));
    addBoth(cases, Pattern.skewed(5, 1000, 1300), Batch.of(129));
    addBoth(cases, Pattern.uniform(1000, 5, 2500), Batch.of(31));
    addBoth(cases, Pattern.uniform(130, 70, 911), Batch.of(257));
    // long rows of wide layers, which may be worth blocks of columns
    addBoth(cases, Pattern.uniform(23, 2000, 9000), Batch.of(100));
    addBoth(cases, Pattern.skewed(5, 3000, 4000), Batch.of(130));
    for (int positions : POSITIONS) {
      addBoth(cases, Pattern.skewed(37, 53, 400), Batch.of(positions));
    }
    for (Finish finish : Finish.all()) {
      cases.add(spmm(Pattern.uniform(11, 55, 293), Batch.partial(17, 128), true, finish, false));
      cases.add(spmm(Pattern.skewed(37, 53, 400), Batch.of(33), true, finish, false));
      cases.add(spmm(Pattern.uniform(200, 300, 3000), Batch.of(257), false, finish, false));
    }
    for (int percent : new int[] {1, 5, 10, 25}) {
      Pattern pattern = Pattern.uniform(1024, 1024, 1024 * 1024 * percent / 100);
      cases.add(spmm(pattern, Batch.of(128), false, Finish.NONE, true));
      cases.add(sddmm(pattern, Batch.of(128), false, true));
    }
    // the widest layer of the published SET tutorial, batch 40
    cases.add(spmm(Pattern.uniform(1000, 1000, 26_000), Batch.of(40), true, Finish.RELU, true));
    cases.add(sddmm(Pattern.uniform(1000, 1000, 26_000), Batch.of(40), true, true));
  }

  private static void addBoth(List<OperationCase> cases, Pattern pattern, Batch batch) {
    cases.add(spmm(pattern, batch, false, Finish.NONE, false));
    cases.add(spmm(pattern, batch, true, Finish.NONE, false));
    cases.add(sddmm(pattern, batch, false, false));
    cases.add(sddmm(pattern, batch, true, false));
  }

  private static OperationCase spmm(
      Pattern pattern, Batch batch, boolean withBias, Finish finish, boolean benchmark) {
    return new OperationCase(
        "spmm",
        pattern + " " + batch + (withBias ? " bias" : "") + finish,
        2L * pattern.nnz() * batch.positions(),
        csrBytes(pattern) + activationBytes(pattern, batch) + (withBias ? 4L * pattern.rows() : 0),
        benchmark,
        workspace -> {
          CsrMatrix weights = workspace.csr(pattern);
          DeviceBuffer bias =
              withBias ? workspace.array(workspace.random(pattern.rows(), 1)) : null;
          Tensor x = workspace.input(pattern.columns(), batch);
          Tensor y = workspace.blank(pattern.rows(), batch);
          Epilogue epilogue = finish.in(workspace, pattern.rows(), batch);
          ErrorBound bound = finish.bound(pattern.longestRow() + 1);
          Memory memory = workspace.backend().memory();
          return workspace.prepared(
              () -> workspace.backend().sparse().spmm(weights, bias, x, y, epilogue),
              () -> List.of(Results.of("y", memory, y, bound)));
        });
  }

  private static OperationCase sddmm(
      Pattern pattern, Batch batch, boolean withBias, boolean benchmark) {
    return new OperationCase(
        "sddmm",
        pattern + " " + batch + (withBias ? " bias" : ""),
        2L * pattern.nnz() * batch.positions(),
        csrBytes(pattern) + activationBytes(pattern, batch) + (withBias ? 4L * pattern.rows() : 0),
        benchmark,
        workspace -> {
          float[] notRead = new float[pattern.nnz()];
          Arrays.fill(notRead, Float.NaN);
          CsrMatrix weights = workspace.csr(pattern, notRead);
          Tensor x = workspace.input(pattern.columns(), batch);
          Tensor dy = workspace.input(pattern.rows(), batch);
          DeviceBuffer gradient = workspace.blank(pattern.nnz());
          DeviceBuffer bias = withBias ? workspace.blank(pattern.rows()) : null;
          ErrorBound bound = ErrorBound.sum(batch.positions(), 1);
          Memory memory = workspace.backend().memory();
          return workspace.prepared(
              () -> workspace.backend().sparse().sddmm(weights, x, dy, gradient, bias),
              () -> {
                List<Output> results = new ArrayList<>();
                results.add(Results.of("gradient", memory, gradient, pattern.nnz(), bound));
                if (withBias) {
                  results.add(Results.of("bias gradient", memory, bias, pattern.rows(), bound));
                }
                return results;
              });
        });
  }

  /** Row starts, and for each connection a column and a weight or its gradient. */
  static long csrBytes(Pattern pattern) {
    return 4L * (pattern.rows() + 1) + 8L * pattern.nnz();
  }

  static long activationBytes(Pattern pattern, Batch batch) {
    return 4L * (pattern.rows() + pattern.columns()) * batch.positions();
  }
}
