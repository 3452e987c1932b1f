/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.Tensor;

/** Cases of the pooling operations of {@link org.espalier.backend.ImageOps}. */
final class PoolingCases {

  private PoolingCases() {}

  static void addTo(List<OperationCase> cases) {
    for (ImageShape shape :
        List.of(
            ImageShape.of(1, 1, 7, 5, 1, 1),
            ImageShape.of(3, 2, 8, 9, 0, 0),
            ImageShape.of(2, 5, 11, 35, 1, 2),
            new ImageShape(2, 3, 6, 4, 4, 1, 1),
            ImageShape.of(17, 3, 16, 16, 0, 0))) {
      for (Kernel window :
          List.of(
              new Kernel(3, 3, 2, 1),
              new Kernel(2, 2, 2, 0),
              new Kernel(3, 3, 1, 1),
              new Kernel(1, 1, 1, 0),
              new Kernel(1, 3, 3, 0),
              new Kernel(2, 3, 1, 0))) {
        all(cases, window, shape, 1, 1);
        all(cases, window, shape, 0, 0);
      }
      all(cases, new Kernel(shape.height(), shape.width(), 1, 0), shape, 0, 0);
    }
    ImageShape pixel = ImageShape.of(2, 3, 1, 1, 1, 0);
    all(cases, new Kernel(1, 1, 1, 0), pixel, 0, 0);
    all(cases, new Kernel(3, 3, 2, 1), pixel, 1, 1);
    cases.add(max(new Kernel(3, 3, 2, 1), ImageShape.of(3, 2, 8, 9, 0, 0), 0, 0, true, false));
    benchmarks(cases);
  }

  private static void all(
      List<OperationCase> cases, Kernel window, ImageShape shape, int lines, int columns) {
    cases.add(max(window, shape, lines, columns, false, false));
    cases.add(maxGradient(window, shape, lines, columns, false, false));
    cases.add(average(window, shape, lines, columns, false));
    cases.add(averageGradient(window, shape, lines, columns, false));
    if (lines == 0) {
      cases.add(maxGradient(window, shape, lines, columns, true, false));
    }
  }

  private static void benchmarks(List<OperationCase> cases) {
    Kernel two = new Kernel(2, 2, 2, 0);
    cases.add(max(two, ImageCases.RESNET20, 1, 1, false, true));
    cases.add(maxGradient(two, ImageCases.RESNET20, 1, 1, false, true));
    Kernel three = new Kernel(3, 3, 2, 1);
    cases.add(max(three, ImageCases.RESNET50, 1, 1, false, true));
    cases.add(maxGradient(three, ImageCases.RESNET50, 1, 1, false, true));
    ImageShape last = ImageShape.of(64, 128, 8, 8, 1, 1);
    Kernel whole = new Kernel(8, 8, 1, 0);
    cases.add(average(whole, last, 0, 0, true));
    cases.add(averageGradient(whole, last, 0, 0, true));
    cases.add(average(two, ImageCases.RESNET20, 1, 1, true));
    cases.add(averageGradient(two, ImageCases.RESNET20, 1, 1, true));
  }

  private static ImageShape pooled(Kernel window, ImageShape of, int lines, int columns) {
    int height = window.outputs(of.height(), window.height());
    int width = window.outputs(of.width(), window.width());
    return of.sized(height, width, lines, columns);
  }

  private static String named(Kernel window, ImageShape from, ImageShape to) {
    return "%s by %dx%d stride %d padding %d to +%d+%d"
        .formatted(
            from,
            window.height(),
            window.width(),
            window.stride(),
            window.padding(),
            to.lines(),
            to.columns());
  }

  private static int size(Kernel window) {
    return window.height() * window.width();
  }

  /** Returns how many windows a pixel is in at most. */
  private static int windows(Kernel window) {
    int stride = window.stride();
    return ((window.height() + stride - 1) / stride) * ((window.width() + stride - 1) / stride);
  }

  /** Returns pixels with only five values, so that windows have several largest ones. */
  private static float[] coarse(Workspace workspace, ImageShape shape, boolean withNaN) {
    float[] pixels = workspace.random(shape.allPixels(), 2);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = withNaN && i % 7 == 3 ? Float.NaN : Math.round(pixels[i]);
    }
    return pixels;
  }

  private static OperationCase max(
      Kernel window, ImageShape from, int lines, int columns, boolean withNaN, boolean benchmark) {
    ImageShape to = pooled(window, from, lines, columns);
    return new OperationCase(
        "maxPool",
        named(window, from, to) + (withNaN ? " NaN" : ""),
        (long) to.allPixels() * size(window),
        from.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x =
              withNaN ? from.of(workspace, coarse(workspace, from, true)) : from.random(workspace);
          Tensor y = to.blank(workspace);
          return workspace.prepared(
              () -> backend.images().maxPool(window, x, from.grid(), y, to.grid()),
              () -> List.of(Results.wholeRows("y", backend.memory(), y, ErrorBound.EXACT)));
        });
  }

  private static OperationCase maxGradient(
      Kernel window,
      ImageShape from,
      int lines,
      int columns,
      boolean notNumbers,
      boolean benchmark) {
    ImageShape to = pooled(window, from, lines, columns);
    return new OperationCase(
        "maxPoolGradient",
        named(window, from, to) + (notNumbers ? " some not numbers" : ""),
        (long) to.allPixels() * size(window),
        2 * from.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x = from.of(workspace, coarse(workspace, from, notNumbers));
          Tensor dy = to.random(workspace);
          Tensor dx = from.blank(workspace);
          ErrorBound bound = ErrorBound.sum(windows(window), 1);
          return workspace.prepared(
              () -> backend.images().maxPoolGradient(window, x, from.grid(), dy, to.grid(), dx),
              () -> List.of(Results.wholeRows("dx", backend.memory(), dx, bound)));
        });
  }

  private static OperationCase average(
      Kernel window, ImageShape from, int lines, int columns, boolean benchmark) {
    ImageShape to = pooled(window, from, lines, columns);
    return ImageCases.pass(
        "averagePool",
        named(window, from, to),
        (long) to.allPixels() * size(window),
        from,
        to,
        ErrorBound.sum(size(window), 1.0 / size(window)),
        benchmark,
        (ops, x, y) -> ops.averagePool(window, x, from.grid(), y, to.grid()));
  }

  private static OperationCase averageGradient(
      Kernel window, ImageShape from, int lines, int columns, boolean benchmark) {
    ImageShape to = pooled(window, from, lines, columns);
    return ImageCases.pass(
        "averagePoolGradient",
        named(window, from, to),
        (long) to.allPixels() * size(window),
        to,
        from,
        ErrorBound.sum(windows(window), 1.0 / size(window)),
        benchmark,
        (ops, dy, dx) -> ops.averagePoolGradient(window, dy, to.grid(), dx, from.grid()));
  }
}
