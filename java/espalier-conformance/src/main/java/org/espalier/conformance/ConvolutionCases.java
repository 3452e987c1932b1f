/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** The products of convolutions, sparse and dense, and growing by their gradient. */
final class ConvolutionCases {

  private ConvolutionCases() {}

  /**
   * A convolution of a batch.
   *
   * @param density share of the weights that exist
   */
  private record Convolution(
      int outputs,
      int channels,
      Kernel kernel,
      int height,
      int width,
      int images,
      int halo,
      double density) {

    Taps taps() {
      Taps least = Taps.of(kernel, height, width, 0, 0);
      return Taps.of(
          kernel, height, width, least.output().lines() + halo, least.output().pitch() + halo);
    }

    Pattern pattern() {
      int columns = channels * taps().count();
      return Pattern.uniform(outputs, columns, (int) Math.round(density * outputs * columns));
    }

    int inputs() {
      return channels * taps().phases().size();
    }

    Tensor x(Workspace workspace) {
      return workspace.images(inputs(), images, taps().input(), taps().reach());
    }

    Tensor dy(Workspace workspace) {
      return workspace.images(outputs, images, taps().output(), taps().reach());
    }

    Tensor blankX(Workspace workspace) {
      return workspace.blankImages(inputs(), images, taps().input());
    }

    Tensor blankY(Workspace workspace) {
      return workspace.blankImages(outputs, images, taps().output());
    }

    Epilogue outputEpilogue(Workspace workspace, Finish finish) {
      return finish.in(workspace, outputs, images, taps().output());
    }

    Epilogue inputEpilogue(Workspace workspace, Finish finish) {
      return finish.in(workspace, inputs(), images, taps().input());
    }

    int pixels() {
      return images * taps().output().pixels();
    }

    long bytes(long weights) {
      return 8 * weights + 4L * (inputs() + outputs) * taps().output().positions(images);
    }

    @Override
    public String toString() {
      return "%dx%d kernel %dx%d stride %d padding %d, %d images of %dx%d, halo +%d, density %s"
          .formatted(
              outputs,
              channels,
              kernel.height(),
              kernel.width(),
              kernel.stride(),
              kernel.padding(),
              images,
              height,
              width,
              halo,
              density);
    }
  }

  static void addTo(List<OperationCase> cases) {
    for (Convolution of : ragged()) {
      cases.add(spmm(of, true, Finish.RELU, false));
      cases.add(spmm(of, false, Finish.NONE, false));
      cases.add(spmmTransposed(of, Finish.NONE, false));
      cases.add(sddmm(of, false));
      cases.add(sddmmSgd(of, true));
      cases.add(gemm(of, Finish.NONE, false));
      cases.add(gemmTransposed(of, Finish.NONE, false));
      cases.add(gemmGradient(of, false));
      for (double share : new double[] {0.1, 0.6}) {
        cases.add(growGradient(of, share, false));
      }
    }
    Convolution odd = new Convolution(5, 3, Kernel.same(3, 1), 7, 9, 3, 0, 0.4);
    for (Finish finish : Finish.all()) {
      cases.add(spmm(odd, true, finish, false));
      cases.add(spmmTransposed(odd, finish, false));
      cases.add(gemm(odd, finish, false));
      cases.add(gemmTransposed(odd, finish, false));
    }
    cases.add(sddmmSgd(odd, false));
    benchmarks(cases);
  }

  private static List<Convolution> ragged() {
    Kernel three = Kernel.same(3, 1);
    return List.of(
        new Convolution(1, 1, new Kernel(1, 1, 1, 0), 1, 1, 1, 0, 1),
        new Convolution(1, 1, three, 1, 1, 1, 0, 1),
        new Convolution(4, 1, three, 5, 7, 1, 0, 0.5),
        new Convolution(1, 4, three, 7, 5, 2, 0, 0.3),
        new Convolution(8, 6, three, 4, 4, 1, 2, 0.25),
        new Convolution(3, 2, three, 8, 8, 4, 0, 0),
        new Convolution(17, 13, three, 8, 8, 5, 0, 0.1),
        new Convolution(6, 5, Kernel.same(3, 2), 8, 8, 3, 0, 0.3),
        new Convolution(6, 5, Kernel.same(3, 2), 7, 9, 2, 0, 0.3),
        new Convolution(3, 4, Kernel.same(1, 2), 9, 7, 3, 0, 0.5),
        new Convolution(5, 3, Kernel.same(7, 2), 11, 10, 2, 0, 0.2),
        new Convolution(4, 3, Kernel.same(5, 1), 6, 6, 2, 0, 0.3),
        new Convolution(4, 3, new Kernel(5, 5, 1, 0), 9, 8, 2, 0, 0.3),
        new Convolution(4, 3, new Kernel(2, 3, 3, 1), 8, 10, 2, 1, 0.4),
        new Convolution(9, 7, new Kernel(1, 1, 1, 0), 5, 5, 3, 1, 0.4),
        new Convolution(26, 5, three, 9, 8, 4, 0, 0.2),
        new Convolution(31, 3, Kernel.same(3, 2), 10, 9, 3, 1, 0.3),
        new Convolution(11, 300, three, 3, 3, 2, 0, 0.2));
  }

  /** The three stages of a ResNet-20 on 32 x 32 images. */
  private static void benchmarks(List<OperationCase> cases) {
    for (int stage = 0; stage < 3; stage++) {
      int channels = 16 << stage;
      int size = 32 >> stage;
      for (double density : new double[] {0.02, 0.1}) {
        Convolution of =
            new Convolution(channels, channels, Kernel.same(3, 1), size, size, 128, 0, density);
        cases.add(spmm(of, false, Finish.NONE, true));
        cases.add(spmmTransposed(of, Finish.NONE, true));
        cases.add(sddmm(of, true));
      }
      Convolution dense =
          new Convolution(channels, channels, Kernel.same(3, 1), size, size, 128, 0, 1);
      cases.add(gemm(dense, Finish.NONE, true));
      cases.add(gemmTransposed(dense, Finish.NONE, true));
      cases.add(gemmGradient(dense, true));
      Convolution sparse =
          new Convolution(channels, channels, Kernel.same(3, 1), size, size, 128, 0, 0.05);
      cases.add(growGradient(sparse, 0.02, true));
    }
  }

  private static OperationCase spmm(
      Convolution of, boolean withBias, Finish finish, boolean benchmark) {
    Pattern pattern = of.pattern();
    return new OperationCase(
        "spmm",
        of + (withBias ? " bias" : "") + finish,
        2L * pattern.nnz() * of.pixels(),
        of.bytes(pattern.nnz()),
        benchmark,
        workspace -> {
          CsrMatrix weights = workspace.csr(pattern).with(of.taps());
          DeviceBuffer bias = withBias ? workspace.array(workspace.random(of.outputs(), 1)) : null;
          Tensor x = of.x(workspace);
          Tensor y = of.blankY(workspace);
          Epilogue epilogue = of.outputEpilogue(workspace, finish);
          ErrorBound bound = finish.bound(pattern.longestRow() + 1);
          Memory memory = workspace.backend().memory();
          return workspace.prepared(
              () -> workspace.backend().sparse().spmm(weights, bias, x, y, epilogue),
              () -> List.of(Results.wholeRows("y", memory, y, bound)));
        });
  }

  private static OperationCase spmmTransposed(Convolution of, Finish finish, boolean benchmark) {
    Pattern pattern = of.pattern();
    return new OperationCase(
        "spmmTransposed",
        of.toString() + finish,
        2L * pattern.nnz() * of.pixels(),
        of.bytes(pattern.nnz()),
        benchmark,
        workspace -> {
          SparseWeights weights = weights(workspace, of);
          TransposedCopy copy = weights.transposed().orElseThrow();
          Tensor dy = of.dy(workspace);
          Tensor dx = of.blankX(workspace);
          Epilogue epilogue = of.inputEpilogue(workspace, finish);
          ErrorBound bound = finish.bound(of.outputs() * of.taps().count());
          Memory memory = workspace.backend().memory();
          return workspace.prepared(
              () -> workspace.backend().sparse().spmmTransposed(copy, dy, dx, epilogue),
              () -> List.of(Results.wholeRows("dx", memory, dx, bound)));
        });
  }

  private static SparseWeights weights(Workspace workspace, Convolution of) {
    SparseWeights weights = workspace.weights(of.pattern(), of.taps());
    weights.setTransposed(workspace.backend().topology().transpose(weights.csr()));
    return weights;
  }

  private static OperationCase sddmm(Convolution of, boolean benchmark) {
    Pattern pattern = of.pattern();
    return new OperationCase(
        "sddmm",
        of + " bias",
        2L * pattern.nnz() * of.pixels(),
        of.bytes(pattern.nnz()),
        benchmark,
        workspace -> {
          float[] notRead = new float[pattern.nnz()];
          Arrays.fill(notRead, Float.NaN);
          CsrMatrix weights = workspace.csr(pattern, notRead).with(of.taps());
          Tensor x = of.x(workspace);
          Tensor dy = of.dy(workspace);
          DeviceBuffer gradient = workspace.blank(pattern.nnz());
          DeviceBuffer bias = workspace.blank(of.outputs());
          ErrorBound bound = ErrorBound.sum(of.pixels(), 1);
          Memory memory = workspace.backend().memory();
          return workspace.prepared(
              () -> workspace.backend().sparse().sddmm(weights, x, dy, gradient, bias),
              () ->
                  List.of(
                      Results.of("gradient", memory, gradient, pattern.nnz(), bound),
                      Results.of("bias gradient", memory, bias, of.outputs(), bound)));
        });
  }

  private static OperationCase sddmmSgd(Convolution of, boolean momentum) {
    Pattern pattern = of.pattern();
    return new OperationCase(
        "sddmmSgd",
        of + (momentum ? " momentum" : ""),
        2L * pattern.nnz() * of.pixels(),
        of.bytes(pattern.nnz()),
        false,
        workspace -> {
          SparseWeights weights = weights(workspace, of);
          Tensor x = of.x(workspace);
          Tensor dy = of.dy(workspace);
          SgdRule rule = new SgdRule(momentum ? 0.9f : 0, false, 0.01f);
          return FusedUpdateCases.update(workspace, weights, x, dy, null, rule, 0.1f, of.pixels());
        });
  }

  private static OperationCase gemm(Convolution of, Finish finish, boolean benchmark) {
    int columns = of.pattern().columns();
    long weights = (long) of.outputs() * columns;
    return new OperationCase(
        "gemm",
        of + " bias" + finish,
        2 * weights * of.pixels(),
        of.bytes(weights),
        benchmark,
        workspace -> {
          DeviceBuffer w = workspace.array(workspace.random((int) weights, 1));
          DeviceBuffer bias = workspace.array(workspace.random(of.outputs(), 1));
          Tensor x = of.x(workspace);
          Tensor y = of.blankY(workspace);
          Epilogue epilogue = of.outputEpilogue(workspace, finish);
          ErrorBound bound = finish.bound(columns + 1);
          Memory memory = workspace.backend().memory();
          Taps taps = of.taps();
          return workspace.prepared(
              () -> workspace.backend().dense().gemm(w, taps, bias, x, y, epilogue),
              () -> List.of(Results.wholeRows("y", memory, y, bound)));
        });
  }

  private static OperationCase gemmTransposed(Convolution of, Finish finish, boolean benchmark) {
    int columns = of.pattern().columns();
    long weights = (long) of.outputs() * columns;
    return new OperationCase(
        "gemmTransposed",
        of.toString() + finish,
        2 * weights * of.pixels(),
        of.bytes(weights),
        benchmark,
        workspace -> {
          DeviceBuffer w = workspace.array(workspace.random((int) weights, 1));
          Tensor dy = of.dy(workspace);
          Tensor dx = of.blankX(workspace);
          Epilogue epilogue = of.inputEpilogue(workspace, finish);
          Taps taps = of.taps();
          ErrorBound bound = finish.bound(of.outputs() * taps.count());
          Memory memory = workspace.backend().memory();
          return workspace.prepared(
              () -> workspace.backend().dense().gemmTransposed(w, taps, dy, dx, epilogue),
              () -> List.of(Results.wholeRows("dx", memory, dx, bound)));
        });
  }

  private static OperationCase gemmGradient(Convolution of, boolean benchmark) {
    int columns = of.pattern().columns();
    long weights = (long) of.outputs() * columns;
    return new OperationCase(
        "gemmGradient",
        of.toString(),
        2 * weights * of.pixels(),
        of.bytes(weights),
        benchmark,
        workspace -> {
          Tensor x = of.x(workspace);
          Tensor dy = of.dy(workspace);
          DeviceBuffer gradient = workspace.blank((int) weights);
          ErrorBound bound = ErrorBound.sum(of.pixels(), 1);
          Memory memory = workspace.backend().memory();
          Taps taps = of.taps();
          return workspace.prepared(
              () -> workspace.backend().dense().gemmGradient(taps, x, dy, gradient),
              () -> List.of(Results.of("gradient", memory, gradient, (int) weights, bound)));
        });
  }

  private static OperationCase growGradient(Convolution of, double share, boolean benchmark) {
    Pattern pattern = of.pattern();
    long cells = (long) pattern.rows() * pattern.columns();
    return new OperationCase(
        "growGradient",
        "%s grown=%s".formatted(of, share),
        2 * cells * of.pixels(),
        of.bytes(pattern.nnz()),
        benchmark,
        workspace -> {
          SparseWeights weights = workspace.weights(pattern, of.taps());
          Tensor x = of.x(workspace);
          Tensor dy = of.dy(workspace);
          return MagnitudeCases.grown(workspace, weights, share, x, dy);
        });
  }
}
