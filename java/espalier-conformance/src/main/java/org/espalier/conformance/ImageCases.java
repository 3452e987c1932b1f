/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Cases of {@link org.espalier.backend.ImageOps} that move pixels or add them. */
final class ImageCases {

  /** Odd sizes, one channel, one image, one pixel, rows that are not full. */
  static final List<ImageShape> RAGGED =
      List.of(
          ImageShape.of(1, 1, 1, 1, 0, 0),
          ImageShape.of(1, 1, 1, 1, 2, 1),
          ImageShape.of(3, 2, 1, 1, 1, 1),
          ImageShape.of(1, 1, 7, 5, 1, 1),
          ImageShape.of(4, 1, 5, 9, 0, 0),
          ImageShape.of(1, 5, 3, 3, 1, 1),
          ImageShape.of(17, 3, 4, 4, 1, 1),
          ImageShape.of(5, 19, 8, 8, 0, 0),
          ImageShape.of(2, 3, 16, 16, 0, 0),
          ImageShape.of(3, 2, 1, 23, 3, 0),
          ImageShape.of(3, 2, 23, 1, 0, 3),
          ImageShape.of(3, 7, 9, 17, 2, 3),
          ImageShape.of(2, 1, 66, 67, 1, 1),
          new ImageShape(3, 2, 5, 7, 9, 1, 1),
          new ImageShape(2, 1, 4, 8, 8, 0, 0),
          ImageShape.of(20, 21, 15, 15, 1, 1));

  static final ImageShape RESNET20 = ImageShape.of(16, 128, 32, 32, 1, 1);
  static final ImageShape RESNET50 = ImageShape.of(64, 8, 56, 56, 1, 1);

  /** Halos of a second grid: the same, none, another. */
  static final List<int[]> HALOS = List.of(new int[] {1, 1}, new int[] {0, 0}, new int[] {2, 5});

  private ImageCases() {}

  static void addTo(List<OperationCase> cases) {
    for (ImageShape shape : RAGGED) {
      cases.add(toImages(shape, false));
      cases.add(toFeatures(shape, false));
      for (int[] halo : HALOS) {
        ImageShape other = shape.in(halo[0], halo[1]);
        cases.add(copy(shape, other, false));
        cases.add(add(shape, other, shape, Finish.NONE, false));
        cases.add(add(shape, other, shape, Finish.RELU_GRADIENT, false));
        cases.add(add(shape, shape, other, Finish.RELU, false));
      }
      for (int sum = 1; sum <= 3; sum++) {
        Finish finish = sum == 2 ? Finish.RELU : sum == 1 ? Finish.RELU_GRADIENT : Finish.NONE;
        cases.add(addInPlace(shape, (sum & 1) != 0, (sum & 2) != 0, finish));
      }
    }
    cases.add(addNaN(ImageShape.of(3, 7, 9, 17, 2, 3)));
    for (Kernel kernel :
        List.of(
            new Kernel(1, 1, 2, 0),
            Kernel.same(3, 2),
            Kernel.same(7, 2),
            new Kernel(2, 3, 3, 0),
            Kernel.same(3, 1))) {
      for (ImageShape shape :
          List.of(
              ImageShape.of(1, 1, 7, 7, 0, 0),
              ImageShape.of(3, 2, 9, 7, 1, 1),
              ImageShape.of(2, 3, 8, 11, 2, 3),
              ImageShape.of(5, 17, 16, 33, 0, 0))) {
        cases.add(split(kernel, shape, false));
        cases.add(join(kernel, shape, false));
      }
    }
    benchmarks(cases);
  }

  private static void benchmarks(List<OperationCase> cases) {
    ImageShape pictures = ImageShape.of(3, 128, 32, 32, 1, 1);
    cases.add(toImages(pictures, true));
    cases.add(toFeatures(ImageShape.of(64, 128, 8, 8, 1, 1), true));
    for (ImageShape shape : List.of(RESNET20, RESNET50)) {
      cases.add(copy(shape, shape, true));
      cases.add(copy(shape, shape.in(0, 0), true));
      cases.add(add(shape, shape, shape, Finish.RELU, true));
      cases.add(add(shape, shape.in(0, 0), shape, Finish.RELU, true));
      cases.add(split(Kernel.same(3, 2), shape, true));
      cases.add(join(Kernel.same(3, 2), shape, true));
      cases.add(split(new Kernel(1, 1, 2, 0), shape, true));
    }
  }

  private static OperationCase toImages(ImageShape shape, boolean benchmark) {
    int features = shape.channels() * shape.grid().pixels();
    Batch batch = Batch.partial(shape.images(), shape.capacity());
    return new OperationCase(
        "toImages",
        shape.toString(),
        0,
        4L * shape.allPixels() + shape.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x = workspace.input(features, batch);
          Tensor y = shape.blank(workspace);
          return workspace.prepared(
              () -> backend.images().toImages(x, y, shape.grid()),
              () -> List.of(Results.wholeRows("images", backend.memory(), y, ErrorBound.EXACT)));
        });
  }

  private static OperationCase toFeatures(ImageShape shape, boolean benchmark) {
    int features = shape.channels() * shape.grid().pixels();
    Batch batch = Batch.partial(shape.images(), shape.capacity());
    return new OperationCase(
        "toFeatures",
        shape.toString(),
        0,
        4L * shape.allPixels() + shape.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x = shape.random(workspace);
          Tensor y = workspace.blank(features, batch);
          return workspace.prepared(
              () -> backend.images().toFeatures(x, shape.grid(), y),
              () -> List.of(Results.of("features", backend.memory(), y, ErrorBound.EXACT)));
        });
  }

  /** An operation that reads images and overwrites others. */
  @FunctionalInterface
  interface Pass {

    void run(ImageOps ops, Tensor x, Tensor y);
  }

  /** Returns the case of an operation on random pixels. */
  static OperationCase pass(
      String operation,
      String parameters,
      long flops,
      ImageShape from,
      ImageShape to,
      ErrorBound bound,
      boolean benchmark,
      Pass pass) {
    return new OperationCase(
        operation,
        parameters,
        flops,
        from.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x = from.random(workspace);
          Tensor y = to.blank(workspace);
          return workspace.prepared(
              () -> pass.run(backend.images(), x, y),
              () -> List.of(Results.wholeRows("result", backend.memory(), y, bound)));
        });
  }

  private static OperationCase copy(ImageShape from, ImageShape to, boolean benchmark) {
    return pass(
        "copy",
        from + " to +%d+%d".formatted(to.lines(), to.columns()),
        0,
        from,
        to,
        ErrorBound.EXACT,
        benchmark,
        (ops, x, y) -> ops.copy(x, from.grid(), y, to.grid()));
  }

  private static OperationCase add(
      ImageShape ofA, ImageShape ofB, ImageShape to, Finish finish, boolean benchmark) {
    return new OperationCase(
        "add",
        "%s and +%d+%d to +%d+%d %s"
            .formatted(ofA, ofB.lines(), ofB.columns(), to.lines(), to.columns(), finish),
        ofA.allPixels(),
        ofA.bytes() + ofB.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Tensor a = ofA.random(workspace);
          Tensor b = ofB.random(workspace);
          return sum(workspace, a, ofA.grid(), b, ofB.grid(), finish, to, to.blank(workspace));
        });
  }

  /** The sum takes the place of one of the images, or all three are the same. */
  private static OperationCase addInPlace(
      ImageShape shape, boolean ofA, boolean ofB, Finish finish) {
    return new OperationCase(
        "add",
        shape + " in place of" + (ofA ? " a" : "") + (ofB ? " b " : " ") + finish,
        shape.allPixels(),
        3 * shape.bytes(),
        false,
        workspace -> {
          Tensor y = shape.inPlace(workspace);
          Tensor a = ofA ? y : shape.random(workspace);
          Tensor b = ofB ? y : shape.random(workspace);
          return sum(workspace, a, shape.grid(), b, shape.grid(), finish, shape, y);
        });
  }

  private static OperationCase addNaN(ImageShape shape) {
    return new OperationCase(
        "add",
        shape + " with NaN relu",
        shape.allPixels(),
        3 * shape.bytes(),
        false,
        workspace -> {
          float[] pixels = workspace.random(shape.allPixels(), 1);
          for (int i = 0; i < pixels.length; i += 5) {
            pixels[i] = Float.NaN;
          }
          Tensor a = shape.of(workspace, pixels);
          Tensor b = shape.random(workspace);
          Tensor y = shape.blank(workspace);
          return sum(workspace, a, shape.grid(), b, shape.grid(), Finish.RELU, shape, y);
        });
  }

  private static PreparedCase sum(
      Workspace workspace,
      Tensor a,
      ImageGrid ofA,
      Tensor b,
      ImageGrid ofB,
      Finish finish,
      ImageShape to,
      Tensor y) {
    Backend backend = workspace.backend();
    Epilogue epilogue = finish.in(workspace, to.channels(), to.images(), to.grid());
    return workspace.prepared( // one rounding, so there is one right result
        () -> backend.images().add(a, ofA, b, ofB, epilogue, y, to.grid()),
        () -> List.of(Results.wholeRows("y", backend.memory(), y, ErrorBound.EXACT)));
  }

  private static Taps taps(Kernel kernel, ImageShape shape) {
    return Taps.of(kernel, shape.height(), shape.width(), 0, 0);
  }

  private static ImageShape phases(Taps taps, ImageShape of) {
    ImageGrid grid = taps.input();
    return new ImageShape(
        of.channels() * taps.phases().size(),
        of.images(),
        of.capacity(),
        grid.height(),
        grid.width(),
        grid.lines() - grid.height(),
        grid.pitch() - grid.width());
  }

  private static String named(ImageShape shape, Kernel kernel) {
    return "%s for kernel %dx%d stride %d"
        .formatted(shape, kernel.height(), kernel.width(), kernel.stride());
  }

  private static OperationCase split(Kernel kernel, ImageShape shape, boolean benchmark) {
    Taps taps = taps(kernel, shape);
    return pass(
        "split",
        named(shape, kernel),
        0,
        shape,
        phases(taps, shape),
        ErrorBound.EXACT,
        benchmark,
        (ops, x, y) -> ops.split(x, shape.grid(), kernel.stride(), taps, y));
  }

  private static OperationCase join(Kernel kernel, ImageShape shape, boolean benchmark) {
    Taps taps = taps(kernel, shape);
    return pass(
        "join",
        named(shape, kernel),
        0,
        phases(taps, shape),
        shape,
        ErrorBound.EXACT,
        benchmark,
        (ops, y, x) -> ops.join(y, taps, kernel.stride(), x, shape.grid()));
  }
}
