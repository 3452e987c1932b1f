/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Normalization;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Cases of the batch normalisation of {@link org.espalier.backend.ImageOps}. */
final class NormalizationCases {

  /** The largest gamma and beta. */
  private static final double PARAMETER = 1.5;

  private NormalizationCases() {}

  static void addTo(List<OperationCase> cases) {
    for (ImageShape shape : ImageCases.RAGGED) {
      boolean relu = false;
      for (int[] halo : ImageCases.HALOS) {
        ImageShape to = shape.in(halo[0], halo[1]);
        all(cases, Normalization.USUAL, shape, to, 0, relu, false);
        all(cases, Normalization.USUAL, shape, to, 5, !relu, false);
        relu = !relu;
      }
    }
    ImageShape shape = ImageShape.of(5, 9, 17, 9, 1, 1);
    for (float offset : new float[] {-100, 3000}) { // far from 0, squares must not cancel
      all(cases, Normalization.USUAL, shape, shape, offset, false, false);
      all(cases, Normalization.USUAL, shape, shape, offset, true, false);
    }
    for (float momentum : new float[] {0, 1}) {
      cases.add(normalize(new Normalization(0.01f, momentum), shape, shape, 1, false, false));
    }
    cases.add(normalizeNaN(shape, true));
    cases.add(normalizeNaN(shape, false));
    for (ImageShape large : List.of(ImageCases.RESNET20, ImageCases.RESNET50)) {
      all(cases, Normalization.USUAL, large, large, 0, true, true);
      all(cases, Normalization.USUAL, large, large.in(0, 0), 0, true, true);
    }
  }

  private static void all(
      List<OperationCase> cases,
      Normalization rule,
      ImageShape from,
      ImageShape to,
      float offset,
      boolean relu,
      boolean benchmark) {
    cases.add(normalize(rule, from, to, offset, relu, benchmark));
    cases.add(fixed(rule, from, to, offset, relu, benchmark));
    cases.add(gradient(rule, from, to, offset, relu, benchmark));
  }

  private static String named(
      Normalization rule, ImageShape from, ImageShape to, float offset, boolean relu) {
    String other =
        rule.equals(Normalization.USUAL)
            ? ""
            : " epsilon %s momentum %s".formatted(rule.epsilon(), rule.momentum());
    return "%s to +%d+%d around %s%s%s"
        .formatted(from, to.lines(), to.columns(), offset, other, relu ? " relu" : "");
  }

  /** Returns gamma, none near 0, and beta. */
  private static float[] parameters(Workspace workspace, int rows) {
    float[] parameters = workspace.random(2 * rows, 1.5f);
    for (int r = 0; r < rows; r++) {
      parameters[r] = Math.copySign(Math.max(Math.abs(parameters[r]), 0.5f), parameters[r]);
    }
    return parameters;
  }

  private static OperationCase normalize(
      Normalization rule,
      ImageShape from,
      ImageShape to,
      float offset,
      boolean relu,
      boolean benchmark) {
    int rows = from.channels();
    return new OperationCase(
        "normalize",
        named(rule, from, to, offset, relu),
        6L * from.allPixels(),
        from.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Population population = Population.draw(workspace, from, rule, offset);
          Tensor x = population.tensor(workspace);
          DeviceBuffer parameters = workspace.array(parameters(workspace, rows));
          DeviceBuffer running = workspace.inPlace(workspace.random(2 * rows, 1));
          DeviceBuffer saved = workspace.blank(2 * rows);
          Tensor y = to.blank(workspace);
          return workspace.prepared(
              () ->
                  backend
                      .images()
                      .normalize(
                          rule, parameters, running, saved, x, from.grid(), relu, y, to.grid()),
              () ->
                  List.of(
                      Results.wholeRows("y", backend.memory(), y, population.ofOutput(PARAMETER)),
                      half(backend, "means", saved, rows, 0, population.ofMeans()),
                      half(backend, "inverses", saved, rows, 1, population.ofInverses()),
                      half(
                          backend,
                          "running means",
                          running,
                          rows,
                          0,
                          ErrorBound.elementwise(1 + population.largest())),
                      half(
                          backend,
                          "running variances",
                          running,
                          rows,
                          1,
                          population.ofVariances())));
        });
  }

  private static Output half(
      Backend backend, String name, DeviceBuffer buffer, int rows, int which, ErrorBound bound) {
    Output both = Results.of(name, backend.memory(), buffer, 2 * rows, bound);
    double[] values = Arrays.copyOfRange(both.values(), which * rows, (which + 1) * rows);
    return Results.array(name, values, bound);
  }

  /** A channel with a pixel that is not a number has nothing else left; the others do not care. */
  private static OperationCase normalizeNaN(ImageShape shape, boolean relu) {
    return new OperationCase(
        "normalize",
        shape + " NaN" + (relu ? " relu" : ""),
        6L * shape.allPixels(),
        2 * shape.bytes(),
        false,
        workspace -> {
          Backend backend = workspace.backend();
          Normalization rule = Normalization.USUAL;
          Population population = Population.draw(workspace, shape, rule, 0);
          ErrorBound bound = population.ofOutput(PARAMETER);
          population.pixels()[shape.pixels() + 7] = Float.NaN;
          Tensor x = population.tensor(workspace);
          int rows = shape.channels();
          DeviceBuffer parameters = workspace.array(parameters(workspace, rows));
          DeviceBuffer running = workspace.inPlace(workspace.random(2 * rows, 1));
          DeviceBuffer saved = workspace.blank(2 * rows);
          Tensor y = shape.blank(workspace);
          return workspace.prepared(
              () ->
                  backend
                      .images()
                      .normalize(
                          rule, parameters, running, saved, x, shape.grid(), relu, y, shape.grid()),
              () -> List.of(Results.wholeRows("y", backend.memory(), y, bound)));
        });
  }

  private static OperationCase fixed(
      Normalization rule,
      ImageShape from,
      ImageShape to,
      float offset,
      boolean relu,
      boolean benchmark) {
    int rows = from.channels();
    return new OperationCase(
        "normalizeFixed",
        named(rule, from, to, offset, relu),
        4L * from.allPixels(),
        from.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Population population = Population.draw(workspace, from, rule, offset);
          Tensor x = population.tensor(workspace);
          float[] statistics = workspace.random(2 * rows, 1);
          for (int r = 0; r < rows; r++) {
            statistics[r] += offset;
            statistics[rows + r] = 0.5f + Math.abs(statistics[rows + r]);
          }
          DeviceBuffer parameters = workspace.array(parameters(workspace, rows));
          DeviceBuffer running = workspace.array(statistics);
          Tensor y = to.blank(workspace);
          double most = population.largest() + Math.abs(offset) + 1;
          ErrorBound bound = ErrorBound.elementwise(PARAMETER * (1 + most / Math.sqrt(0.5)));
          return workspace.prepared(
              () ->
                  backend
                      .images()
                      .normalizeFixed(
                          rule, parameters, running, x, from.grid(), relu, y, to.grid()),
              () -> List.of(Results.wholeRows("y", backend.memory(), y, bound)));
        });
  }

  private static OperationCase gradient(
      Normalization rule,
      ImageShape from,
      ImageShape to,
      float offset,
      boolean relu,
      boolean benchmark) {
    int rows = from.channels();
    return new OperationCase(
        "normalizeGradient",
        named(rule, from, to, offset, relu),
        9L * from.allPixels(),
        2 * from.bytes() + to.bytes(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          float[] of = parameters(workspace, rows);
          Population population = Population.draw(workspace, from, rule, offset).decided(of);
          Tensor x = population.tensor(workspace);
          Tensor dy = to.random(workspace);
          float[] statistics = Arrays.copyOf(population.means(), 2 * rows);
          System.arraycopy(population.inverses(), 0, statistics, rows, rows);
          DeviceBuffer parameters = workspace.array(of);
          DeviceBuffer saved = workspace.array(statistics);
          DeviceBuffer gradient = workspace.blank(2 * rows);
          Tensor dx = from.blank(workspace);
          return workspace.prepared(
              () ->
                  backend
                      .images()
                      .normalizeGradient(
                          parameters, saved, x, from.grid(), relu, dy, to.grid(), dx, gradient),
              () ->
                  List.of(
                      Results.wholeRows(
                          "dx", backend.memory(), dx, population.ofGradient(PARAMETER)),
                      Results.of(
                          "gradient",
                          backend.memory(),
                          gradient,
                          2 * rows,
                          population.ofParameters())));
        });
  }
}
