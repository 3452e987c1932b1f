/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;
import java.util.Locale;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Dropout;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Cases of {@link org.espalier.backend.RowOps}. */
final class RowCases {

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(1, Batch.of(1)),
          new Shape(1, Batch.of(300)),
          new Shape(300, Batch.of(1)),
          new Shape(7, Batch.of(15)),
          new Shape(7, Batch.of(16)),
          new Shape(37, Batch.of(17)),
          new Shape(5, Batch.of(100)),
          new Shape(3, Batch.of(128)),
          new Shape(3, Batch.of(129)),
          new Shape(2, Batch.partial(17, 128)));

  private static final Shape LARGE = new Shape(1024, Batch.of(128));

  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.RELU,
          Activation.leakyRelu(0.1f),
          Activation.leakyRelu(0),
          Activation.allRelu(0.75f, 0),
          Activation.SIGMOID,
          Activation.TANH);

  private RowCases() {}

  private record Shape(int rows, Batch batch) {

    long elements() {
      return (long) rows * batch.positions();
    }

    @Override
    public String toString() {
      return "rows=%d %s".formatted(rows, batch);
    }
  }

  static void addTo(List<OperationCase> cases) {
    for (Shape shape : SHAPES) {
      addAll(cases, shape);
    }
    // beyond what exp can do: the result is flat, never NaN
    for (float scale : new float[] {20, 1000}) {
      cases.add(activate(Activation.SIGMOID, new Shape(9, Batch.of(100)), scale, false, false));
      cases.add(activate(Activation.TANH, new Shape(9, Batch.of(100)), scale, true, false));
    }
    // a network that diverges is noticed by its loss, so NaN must not turn into a number
    for (Activation activation : ACTIVATIONS) {
      cases.add(activate(activation, new Shape(9, Batch.of(100)), Float.NaN, false, false));
    }
    cases.add(rowSums(LARGE, true));
    for (Activation activation : List.of(Activation.RELU, Activation.SIGMOID, Activation.TANH)) {
      cases.add(activate(activation, LARGE, 1, false, true));
      cases.add(activateGradient(activation, LARGE, false, true));
    }
    cases.add(srelu(LARGE, true));
    cases.add(sreluGradient(LARGE, false, true));
    cases.add(dropout(LARGE, 0.3f, false, true));
  }

  private static void addAll(List<OperationCase> cases, Shape shape) {
    cases.add(rowSums(shape, false));
    for (Activation activation : ACTIVATIONS) {
      for (boolean inPlace : new boolean[] {false, true}) {
        cases.add(activate(activation, shape, 3, inPlace, false));
        cases.add(activateGradient(activation, shape, inPlace, false));
      }
    }
    cases.add(srelu(shape, false));
    cases.add(sreluGradient(shape, false, false));
    cases.add(sreluGradient(shape, true, false));
    for (float rate : new float[] {0, 0.3f, 0.5f, 0.99f}) {
      cases.add(dropout(shape, rate, false, false));
    }
    cases.add(dropout(shape, 0.3f, true, false));
  }

  private static OperationCase rowSums(Shape shape, boolean benchmark) {
    return new OperationCase(
        "rowSums",
        shape.toString(),
        shape.elements(),
        4 * shape.elements() + 4L * shape.rows(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor dy = workspace.input(shape.rows(), shape.batch());
          DeviceBuffer sums = workspace.blank(shape.rows());
          ErrorBound bound = ErrorBound.sum(shape.batch().positions(), 1);
          return workspace.prepared(
              () -> backend.rows().rowSums(dy, sums),
              () -> List.of(Results.of("sums", backend.memory(), sums, shape.rows(), bound)));
        });
  }

  private static OperationCase activate(
      Activation activation, Shape shape, float scale, boolean inPlace, boolean benchmark) {
    return new OperationCase(
        "activate",
        "%s %s x<=%s%s".formatted(name(activation), shape, scale, inPlace ? " in place" : ""),
        shape.elements(),
        8 * shape.elements(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Tensor x =
              inPlace
                  ? workspace.inPlace(shape.rows(), shape.batch(), scale)
                  : workspace.input(shape.rows(), shape.batch(), scale);
          Tensor y = inPlace ? x : workspace.blank(shape.rows(), shape.batch());
          ErrorBound bound = ErrorBound.transcendental(1, 1);
          return workspace.prepared(
              () -> backend.rows().activate(activation, x, y),
              () -> List.of(Results.of("y", backend.memory(), y, bound)));
        });
  }

  private static OperationCase activateGradient(
      Activation activation, Shape shape, boolean inPlace, boolean benchmark) {
    return new OperationCase(
        "activateGradient",
        "%s %s%s".formatted(name(activation), shape, inPlace ? " in place" : ""),
        2 * shape.elements(),
        12 * shape.elements(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          boolean readsOutput =
              activation.kind() == Activation.Kind.SIGMOID
                  || activation.kind() == Activation.Kind.TANH;
          Tensor read = workspace.input(shape.rows(), shape.batch());
          Tensor notRead = workspace.blank(shape.rows(), shape.batch());
          Tensor x = readsOutput ? notRead : read;
          Tensor y = readsOutput ? read : notRead;
          Tensor dy =
              inPlace
                  ? workspace.inPlace(shape.rows(), shape.batch(), 1)
                  : workspace.input(shape.rows(), shape.batch());
          Tensor dx = inPlace ? dy : workspace.blank(shape.rows(), shape.batch());
          ErrorBound bound = ErrorBound.elementwise(1);
          return workspace.prepared(
              () -> backend.rows().activateGradient(activation, x, y, dy, dx),
              () -> List.of(Results.of("dx", backend.memory(), dx, bound)));
        });
  }

  /** Returns left knees, left slopes, widths (both signs) and right slopes. */
  private static DeviceBuffer knees(Workspace workspace, int rows) {
    float[] parameters = new float[4 * rows];
    float[] scales = {0.5f, 0.4f, 0.8f, 1.5f};
    for (int group = 0; group < 4; group++) {
      System.arraycopy(workspace.random(rows, scales[group]), 0, parameters, group * rows, rows);
    }
    return workspace.array(parameters);
  }

  private static OperationCase srelu(Shape shape, boolean benchmark) {
    return new OperationCase(
        "srelu",
        shape.toString(),
        2 * shape.elements(),
        8 * shape.elements() + 16L * shape.rows(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer parameters = knees(workspace, shape.rows());
          Tensor x = workspace.input(shape.rows(), shape.batch(), 2);
          Tensor y = workspace.blank(shape.rows(), shape.batch());
          ErrorBound bound = ErrorBound.elementwise(4);
          return workspace.prepared(
              () -> backend.rows().srelu(parameters, x, y),
              () -> List.of(Results.of("y", backend.memory(), y, bound)));
        });
  }

  private static OperationCase sreluGradient(Shape shape, boolean inPlace, boolean benchmark) {
    return new OperationCase(
        "sreluGradient",
        shape + (inPlace ? " in place" : ""),
        5 * shape.elements(),
        12 * shape.elements() + 32L * shape.rows(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          DeviceBuffer parameters = knees(workspace, shape.rows());
          Tensor x = workspace.input(shape.rows(), shape.batch(), 2);
          Tensor dy =
              inPlace
                  ? workspace.inPlace(shape.rows(), shape.batch(), 1)
                  : workspace.input(shape.rows(), shape.batch());
          Tensor dx = inPlace ? dy : workspace.blank(shape.rows(), shape.batch());
          DeviceBuffer gradient = workspace.blank(4 * shape.rows());
          ErrorBound sum = ErrorBound.sum(shape.batch().positions(), 4);
          return workspace.prepared(
              () -> backend.rows().sreluGradient(parameters, x, dy, dx, gradient),
              () ->
                  List.of(
                      Results.of("dx", backend.memory(), dx, ErrorBound.elementwise(1)),
                      Results.of("gradient", backend.memory(), gradient, 4 * shape.rows(), sum)));
        });
  }

  private static OperationCase dropout(
      Shape shape, float rate, boolean inPlace, boolean benchmark) {
    return new OperationCase(
        "dropout",
        "rate=%s %s%s".formatted(rate, shape, inPlace ? " in place" : ""),
        shape.elements(),
        8 * shape.elements(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Dropout dropout = new Dropout(rate, 0x64726f70L);
          Tensor x =
              inPlace
                  ? workspace.inPlace(shape.rows(), shape.batch(), 1)
                  : workspace.input(shape.rows(), shape.batch());
          Tensor y = inPlace ? x : workspace.blank(shape.rows(), shape.batch());
          ErrorBound bound = ErrorBound.elementwise(1);
          return workspace.prepared(
              () -> backend.rows().dropout(dropout, x, y),
              () -> List.of(Results.of("y", backend.memory(), y, bound)));
        });
  }

  private static String name(Activation activation) {
    String kind = activation.kind().name().toLowerCase(Locale.ROOT);
    return activation.kind() == Activation.Kind.LEAKY_RELU
        ? kind + "(" + activation.slope() + ")"
        : kind;
  }
}
