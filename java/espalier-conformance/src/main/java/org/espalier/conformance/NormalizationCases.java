/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.espalier.backend.Backend;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Memory;
import org.espalier.backend.Normalization;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Cases of the batch normalisation of {@link org.espalier.backend.ImageOps}. */
final class NormalizationCases {

  /** The largest gamma and beta. */
  private static final double PARAMETER = 1.5;

  private NormalizationCases() {}

  /**
   * What is normalised, and how.
   *
   * @param offset that the pixels are around
   * @param other form of what is added, or null
   */
  private record Images(
      Normalization rule,
      ImageShape from,
      ImageShape to,
      float offset,
      ImageShape other,
      boolean relu,
      boolean benchmark) {

    Images plus(ImageShape images) {
      return new Images(rule, from, to, offset, images, relu, benchmark);
    }

    String named(String operation) {
      return other == null ? operation : operation + "AndAdd";
    }

    long bytes() {
      return from.bytes() + to.bytes() + (other == null ? 0 : other.bytes());
    }

    /** Returns the bound of a sum, of which the pixels that are added are below 1. */
    ErrorBound bound(ErrorBound normalized) {
      return other == null ? normalized : ErrorBound.elementwise(normalized.magnitude() + 1);
    }

    int rows() {
      return from.channels();
    }

    Population draw(Workspace workspace) {
      return Population.draw(workspace, from, rule, offset);
    }

    /** Returns gamma, none near 0, and beta. */
    float[] parameters(Workspace workspace) {
      float[] parameters = workspace.random(2 * rows(), (float) PARAMETER);
      for (int r = 0; r < rows(); r++) {
        parameters[r] = Math.copySign(Math.max(Math.abs(parameters[r]), 0.5f), parameters[r]);
      }
      return parameters;
    }

    @Override
    public String toString() {
      String constants =
          rule.equals(Normalization.USUAL)
              ? ""
              : " epsilon %s momentum %s".formatted(rule.epsilon(), rule.momentum());
      String plus = other == null ? "" : " plus +%d+%d".formatted(other.lines(), other.columns());
      return "%s to +%d+%d around %s%s%s%s"
          .formatted(from, to.lines(), to.columns(), offset, plus, constants, relu ? " relu" : "");
    }
  }

  static void addTo(List<OperationCase> cases) {
    for (ImageShape shape : ImageCases.RAGGED) {
      boolean relu = false;
      for (int[] halo : ImageCases.HALOS) {
        ImageShape to = shape.in(halo[0], halo[1]);
        all(cases, shape, to, 0, relu, false);
        all(cases, shape, to, 5, !relu, false);
        relu = !relu;
      }
    }
    ImageShape shape = ImageShape.of(5, 9, 17, 9, 1, 1);
    for (float offset : new float[] {-100, 3000}) { // far from 0, squares must not cancel
      all(cases, shape, shape, offset, false, false);
      all(cases, shape, shape, offset, true, false);
    }
    for (float momentum : new float[] {0, 1}) {
      Normalization rule = new Normalization(0.01f, momentum);
      cases.add(normalize(new Images(rule, shape, shape, 1, null, false, false), false));
    }
    for (boolean relu : new boolean[] {true, false}) {
      cases.add(
          normalize(new Images(Normalization.USUAL, shape, shape, 0, null, relu, false), true));
    }
    for (ImageShape large : List.of(ImageCases.RESNET20, ImageCases.RESNET50)) {
      all(cases, large, large, 0, true, true);
      all(cases, large, large.in(0, 0), 0, true, true);
    }
  }

  private static void all(
      List<OperationCase> cases,
      ImageShape from,
      ImageShape to,
      float offset,
      boolean relu,
      boolean benchmark) {
    Images images = new Images(Normalization.USUAL, from, to, offset, null, relu, benchmark);
    cases.add(normalize(images, false));
    cases.add(fixed(images));
    cases.add(normalize(images.plus(to), false));
    cases.add(fixed(images.plus(to.in(to.lines() + 1, to.columns() + 1))));
    cases.add(gradient(images));
  }

  /**
   * Returns a case of training.
   *
   * @param withNaN whether one pixel is not a number: its channel has nothing else left then, and
   *     the others do not care
   */
  private static OperationCase normalize(Images of, boolean withNaN) {
    int rows = of.rows();
    return new OperationCase(
        of.named("normalize"),
        of + (withNaN ? " NaN" : ""),
        6L * of.from().allPixels(),
        of.bytes(),
        of.benchmark(),
        workspace -> {
          Backend backend = workspace.backend();
          Population population = of.draw(workspace);
          ErrorBound bound = of.bound(population.ofOutput(PARAMETER));
          if (withNaN) {
            population.pixels()[of.from().pixels() + 7] = Float.NaN;
          }
          Tensor x = population.tensor(workspace);
          DeviceBuffer parameters = workspace.array(of.parameters(workspace));
          DeviceBuffer running = workspace.inPlace(workspace.random(2 * rows, 1));
          DeviceBuffer saved = workspace.blank(2 * rows);
          Tensor y = of.to().blank(workspace);
          ImageGrid from = of.from().grid();
          ImageGrid to = of.to().grid();
          ImageOps ops = backend.images();
          Normalization rule = of.rule();
          boolean relu = of.relu();
          return workspace.prepared(
              operation(
                  of,
                  workspace,
                  () -> ops.normalize(rule, parameters, running, saved, x, from, relu, y, to),
                  (a, grid) ->
                      ops.normalizeAndAdd(
                          rule, parameters, running, saved, x, from, a, grid, relu, y, to)),
              () -> {
                List<Output> results = new ArrayList<>();
                results.add(Results.wholeRows("y", backend.memory(), y, bound));
                if (!withNaN) {
                  addStatistics(results, backend.memory(), population, saved, running);
                }
                return results;
              });
        });
  }

  /** Returns the operation alone, or with the addition if there is one. */
  private static Runnable operation(
      Images of, Workspace workspace, Runnable alone, BiConsumer<Tensor, ImageGrid> adding) {
    if (of.other() == null) {
      return alone;
    }
    Tensor other = of.other().random(workspace);
    return () -> adding.accept(other, of.other().grid());
  }

  private static void addStatistics(
      List<Output> results,
      Memory memory,
      Population population,
      DeviceBuffer saved,
      DeviceBuffer running) {
    int rows = population.means().length;
    ErrorBound ofMeans = population.ofMeans();
    ErrorBound ofRunning = ErrorBound.elementwise(1 + population.largest());
    results.add(half("means", memory, saved, rows, 0, ofMeans));
    results.add(half("inverses", memory, saved, rows, 1, population.ofInverses()));
    results.add(half("running means", memory, running, rows, 0, ofRunning));
    results.add(half("running variances", memory, running, rows, 1, population.ofVariances()));
  }

  private static Output half(
      String name, Memory memory, DeviceBuffer buffer, int rows, int which, ErrorBound bound) {
    Output both = Results.of(name, memory, buffer, 2 * rows, bound);
    double[] values = Arrays.copyOfRange(both.values(), which * rows, (which + 1) * rows);
    return Results.array(name, values, bound);
  }

  private static OperationCase fixed(Images of) {
    int rows = of.rows();
    return new OperationCase(
        of.named("normalizeFixed"),
        of.toString(),
        4L * of.from().allPixels(),
        of.bytes(),
        of.benchmark(),
        workspace -> {
          Backend backend = workspace.backend();
          Population population = of.draw(workspace);
          Tensor x = population.tensor(workspace);
          float[] statistics = workspace.random(2 * rows, 1);
          for (int r = 0; r < rows; r++) {
            statistics[r] += of.offset();
            statistics[rows + r] = 0.5f + Math.abs(statistics[rows + r]);
          }
          DeviceBuffer parameters = workspace.array(of.parameters(workspace));
          DeviceBuffer running = workspace.array(statistics);
          Tensor y = of.to().blank(workspace);
          ImageGrid from = of.from().grid();
          ImageGrid to = of.to().grid();
          double most = population.largest() + Math.abs(of.offset()) + 1;
          ErrorBound bound =
              of.bound(ErrorBound.elementwise(PARAMETER * (1 + most / Math.sqrt(0.5))));
          ImageOps ops = backend.images();
          Normalization rule = of.rule();
          boolean relu = of.relu();
          return workspace.prepared(
              operation(
                  of,
                  workspace,
                  () -> ops.normalizeFixed(rule, parameters, running, x, from, relu, y, to),
                  (a, grid) ->
                      ops.normalizeFixedAndAdd(
                          rule, parameters, running, x, from, a, grid, relu, y, to)),
              () -> List.of(Results.wholeRows("y", backend.memory(), y, bound)));
        });
  }

  private static OperationCase gradient(Images of) {
    int rows = of.rows();
    return new OperationCase(
        "normalizeGradient",
        of.toString(),
        9L * of.from().allPixels(),
        2 * of.from().bytes() + of.to().bytes(),
        of.benchmark(),
        workspace -> {
          Backend backend = workspace.backend();
          float[] scales = of.parameters(workspace);
          Population population = of.draw(workspace).decided(scales);
          Tensor x = population.tensor(workspace);
          Tensor dy = of.to().random(workspace);
          float[] statistics = Arrays.copyOf(population.means(), 2 * rows);
          System.arraycopy(population.inverses(), 0, statistics, rows, rows);
          DeviceBuffer parameters = workspace.array(scales);
          DeviceBuffer saved = workspace.array(statistics);
          DeviceBuffer gradient = workspace.blank(2 * rows);
          Tensor dx = of.from().blank(workspace);
          ImageGrid from = of.from().grid();
          ImageGrid to = of.to().grid();
          ErrorBound ofX = population.ofGradient(PARAMETER);
          ErrorBound ofParameters = population.ofParameters();
          Memory memory = backend.memory();
          return workspace.prepared(
              () ->
                  backend
                      .images()
                      .normalizeGradient(
                          parameters, saved, x, from, of.relu(), dy, to, dx, gradient),
              () ->
                  List.of(
                      Results.wholeRows("dx", memory, dx, ofX),
                      Results.of("gradient", memory, gradient, 2 * rows, ofParameters)));
        });
  }
}
