/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Cases of {@link DenseProducts}. */
final class DenseCases {

  private static final int[][] SHAPES = {
    {1, 1, 1},
    {1, 300, 17},
    {300, 1, 15},
    {11, 55, 16},
    {37, 53, 1},
    {37, 53, 33},
    {5, 64, 300},
    {10, 1000, 100},
    {10, 129, 128},
    {3, 7, 129},
    {64, 64, 64},
    {200, 300, 96},
    {24, 48, 256},
    {29, 70, 515},
  };

  private DenseCases() {}

  static void addTo(List<OperationCase> cases) {
    for (int[] shape : SHAPES) {
      addAll(cases, shape[0], shape[1], Batch.of(shape[2]));
    }
    addAll(cases, 11, 55, Batch.partial(17, 128));
    for (Finish finish : Finish.all()) {
      for (Batch batch : List.of(Batch.partial(17, 128), Batch.of(33), Batch.of(257))) {
        cases.add(gemm(new Shape(37, 53, batch), true, finish, false));
        cases.add(gemmTransposed(new Shape(10, 130, batch), finish, false));
      }
    }
    for (Shape shape :
        List.of(new Shape(1024, 1024, Batch.of(128)), new Shape(10, 1000, Batch.of(40)))) {
      cases.add(gemm(shape, true, Finish.NONE, true));
      cases.add(gemmTransposed(shape, Finish.NONE, true));
      cases.add(gemmGradient(shape, true));
    }
  }

  private static void addAll(List<OperationCase> cases, int rows, int columns, Batch batch) {
    Shape shape = new Shape(rows, columns, batch);
    cases.add(gemm(shape, false, Finish.NONE, false));
    cases.add(gemm(shape, true, Finish.NONE, false));
    cases.add(gemmTransposed(shape, Finish.NONE, false));
    cases.add(gemmGradient(shape, false));
  }

  private record Shape(int rows, int columns, Batch batch) {

    int cells() {
      return rows * columns;
    }

    long flops() {
      return 2L * cells() * batch.positions();
    }

    long bytes() {
      return 4L * cells() + 4L * (rows + columns) * batch.positions();
    }

    @Override
    public String toString() {
      return "%dx%d %s".formatted(rows, columns, batch);
    }
  }

  private static OperationCase gemm(
      Shape shape, boolean withBias, Finish finish, boolean benchmark) {
    return new OperationCase(
        "gemm",
        shape + (withBias ? " bias" : "") + finish,
        shape.flops(),
        shape.bytes() + (withBias ? 4L * shape.rows() : 0),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer weights = workspace.array(workspace.random(shape.cells(), 1));
          DeviceBuffer bias = withBias ? workspace.array(workspace.random(shape.rows(), 1)) : null;
          Tensor x = workspace.input(shape.columns(), shape.batch());
          Tensor y = workspace.blank(shape.rows(), shape.batch());
          Epilogue epilogue = finish.in(workspace, shape.rows(), shape.batch());
          ErrorBound bound = finish.bound(shape.columns() + 1);
          return workspace.prepared(
              () -> backend.dense().gemm(weights, Taps.NONE, bias, x, y, epilogue),
              () -> List.of(Results.of("y", backend.memory(), y, bound)));
        });
  }

  private static OperationCase gemmTransposed(Shape shape, Finish finish, boolean benchmark) {
    return new OperationCase(
        "gemmTransposed",
        shape.toString() + finish,
        shape.flops(),
        shape.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer weights = workspace.array(workspace.random(shape.cells(), 1));
          Tensor dy = workspace.input(shape.rows(), shape.batch());
          Tensor dx = workspace.blank(shape.columns(), shape.batch());
          Epilogue epilogue = finish.in(workspace, shape.columns(), shape.batch());
          ErrorBound bound = finish.bound(shape.rows());
          return workspace.prepared(
              () -> backend.dense().gemmTransposed(weights, Taps.NONE, dy, dx, epilogue),
              () -> List.of(Results.of("dx", backend.memory(), dx, bound)));
        });
  }

  private static OperationCase gemmGradient(Shape shape, boolean benchmark) {
    return new OperationCase(
        "gemmGradient",
        shape.toString(),
        shape.flops(),
        shape.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x = workspace.input(shape.columns(), shape.batch());
          Tensor dy = workspace.input(shape.rows(), shape.batch());
          DeviceBuffer gradient = workspace.blank(shape.cells());
          ErrorBound bound = ErrorBound.sum(shape.batch().positions(), 1);
          return workspace.prepared(
              () -> backend.dense().gemmGradient(Taps.NONE, x, dy, gradient),
              () ->
                  List.of(
                      Results.of("gradient", backend.memory(), gradient, shape.cells(), bound)));
        });
  }
}
