/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.backend.Backend;
import org.espalier.backend.LossOps;
import org.espalier.backend.Memory;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Cases of {@link LossOps}. */
final class LossCases {

  private static final float[] SMOOTHINGS = {0, 0.1f};

  private LossCases() {}

  /** Where the gradient goes. */
  private enum Gradient {
    SEPARATE,
    IN_PLACE,
    NONE
  }

  private record Variant(int classes, Batch batch, float scale, Gradient gradient) {

    long elements() {
      return (long) classes * batch.positions();
    }

    /** Returns the size of the outputs, which says nothing when they are NaN. */
    double magnitude() {
      return Float.isNaN(scale) ? 1 : scale;
    }

    float gradientScale() {
      return 1f / batch.positions();
    }

    @Override
    public String toString() {
      return "classes=%d %s |z|<=%s gradient=%s"
          .formatted(classes, batch, scale, gradient.name().toLowerCase(Locale.ROOT));
    }
  }

  /** One of the two losses over a prepared batch. */
  private interface Loss {

    void run(LossOps ops, Tensor outputs, DeviceBuffer labels, Tensor gradient, Tensor outcome);
  }

  static void addTo(List<OperationCase> cases) {
    int[][] shapes = {
      {1, 1},
      {1, 17},
      {2, 1},
      {2, 15},
      {7, 16},
      {10, 17},
      {10, 100},
      {11, 128},
      {3, 129},
      {100, 300},
    };
    for (int[] shape : shapes) {
      for (Gradient gradient : Gradient.values()) {
        add(cases, new Variant(shape[0], Batch.of(shape[1]), 4, gradient), false);
      }
    }
    add(cases, new Variant(10, Batch.partial(17, 128), 4, Gradient.SEPARATE), false);
    // every output equal: the first of equals counts
    add(cases, new Variant(10, Batch.of(100), 0, Gradient.SEPARATE), false);
    // exp of these overflows unless the largest is subtracted first
    add(cases, new Variant(10, Batch.of(100), 100, Gradient.SEPARATE), false);
    add(cases, new Variant(10, Batch.of(100), 500, Gradient.IN_PLACE), false);
    // a network that diverged: the loss has to say so
    add(cases, new Variant(10, Batch.of(100), Float.NaN, Gradient.SEPARATE), false);
    add(cases, new Variant(10, Batch.of(128), 4, Gradient.SEPARATE), true);
    add(cases, new Variant(1000, Batch.of(128), 4, Gradient.SEPARATE), true);
  }

  private static void add(List<OperationCase> cases, Variant variant, boolean benchmark) {
    for (float smoothing : SMOOTHINGS) {
      cases.add(softmaxCrossEntropy(variant, smoothing, benchmark));
    }
    cases.add(squaredError(variant, benchmark));
  }

  private static OperationCase softmaxCrossEntropy(
      Variant variant, float smoothing, boolean benchmark) {
    ErrorBound loss =
        ErrorBound.transcendental(
            Math.max(1, variant.magnitude()), Math.max(1, variant.classes() / 8));
    ErrorBound gradient = ErrorBound.transcendental(variant.gradientScale(), 1);
    return loss(
        "softmaxCrossEntropy",
        variant + " smoothing=" + smoothing,
        variant,
        benchmark,
        (ops, outputs, labels, dOutputs, outcome) ->
            ops.softmaxCrossEntropy(
                outputs, labels, smoothing, variant.gradientScale(), dOutputs, outcome),
        loss,
        gradient);
  }

  private static OperationCase squaredError(Variant variant, boolean benchmark) {
    double largest = variant.magnitude() + 1;
    ErrorBound loss = ErrorBound.sum(variant.classes(), largest * largest / variant.classes());
    ErrorBound gradient =
        ErrorBound.elementwise(2 * largest * variant.gradientScale() / variant.classes());
    return loss(
        "squaredError",
        variant.toString(),
        variant,
        benchmark,
        (ops, outputs, labels, dOutputs, outcome) ->
            ops.squaredError(outputs, labels, variant.gradientScale(), dOutputs, outcome),
        loss,
        gradient);
  }

  private static OperationCase loss(
      String operation,
      String parameters,
      Variant variant,
      boolean benchmark,
      Loss loss,
      ErrorBound lossBound,
      ErrorBound gradientBound) {
    int gradientPasses = variant.gradient() == Gradient.NONE ? 0 : 1;
    return new OperationCase(
        operation,
        parameters,
        (3L + 2L * gradientPasses) * variant.elements(),
        (4L + 4L * gradientPasses) * variant.elements() + 12L * variant.batch().positions(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          int classes = variant.classes();
          Tensor outputs =
              variant.gradient() == Gradient.IN_PLACE
                  ? workspace.inPlace(classes, variant.batch(), variant.scale())
                  : workspace.input(classes, variant.batch(), variant.scale());
          DeviceBuffer labels = workspace.labels(variant.batch().positions(), classes);
          Tensor outcome = workspace.blank(2, variant.batch());
          Tensor gradient =
              switch (variant.gradient()) {
                case SEPARATE -> workspace.blank(classes, variant.batch());
                case IN_PLACE -> outputs;
                case NONE -> null;
              };
          return workspace.prepared(
              () -> loss.run(backend.losses(), outputs, labels, gradient, outcome),
              () ->
                  results(backend.memory(), variant, gradient, gradientBound, outcome, lossBound));
        });
  }

  private static List<Output> results(
      Memory memory,
      Variant variant,
      Tensor gradient,
      ErrorBound gradientBound,
      Tensor outcome,
      ErrorBound loss) {
    List<Output> results = new ArrayList<>();
    results.add(Results.row("loss", memory, outcome, 0, loss));
    if (!Float.isNaN(variant.scale())) { // the largest of NaNs is nobody's business
      results.add(Results.row("correct", memory, outcome, 1, ErrorBound.EXACT));
    }
    if (gradient != null) {
      results.add(Results.of("gradient", memory, gradient, gradientBound));
    }
    return results;
  }
}
