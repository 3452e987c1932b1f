/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.scalar.Matrix.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Memory;
import org.espalier.backend.SampleReader;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row-wise operations against library functions, hand-computed values and finite differences. */
class ScalarRowOpsTest {

  private static final double[] POINTS = {-700, -3, -1, -0.25, 0.25, 1, 3, 700};

  private final ScalarBackend backend = new ScalarBackend();
  private final Memory memory = backend.memory();

  static Stream<Arguments> activations() {
    return Stream.of(
        Arguments.of(Activation.RELU, function(x -> Math.max(x, 0))),
        Arguments.of(Activation.leakyRelu(0.125f), function(x -> Math.max(x, x / 8))),
        Arguments.of(Activation.allRelu(0.75f, 0), function(x -> x > 0 ? x : -0.75 * x)),
        Arguments.of(Activation.allRelu(0.75f, 1), function(x -> Math.max(x, 0.75 * x))),
        Arguments.of(Activation.SIGMOID, function(x -> 0.5 + 0.5 * Math.tanh(x / 2))),
        Arguments.of(
            Activation.TANH,
            function(
                x -> (Math.expm1(Math.min(2 * x, 600))) / (Math.exp(Math.min(2 * x, 600)) + 1))));
  }

  private static DoubleUnaryOperator function(DoubleUnaryOperator function) {
    return function;
  }

  @Test
  void gatheringTransposesAndScales() {
    Matrix samples = Matrix.random(5, 150, 3);
    Matrix scale = Matrix.random(1, 150, 4);
    Matrix shift = Matrix.random(1, 150, 5);
    Matrix expected = samples.transposed();
    for (int f = 0; f < 150; f++) {
      for (int p = 0; p < 5; p++) {
        expected.cells()[f][p] *= scale.cells()[0][f];
      }
    }
    Tensor x = Matrix.zeros(150, 5).tensor(memory);
    SampleReader reader =
        (p, first, end, target, at) ->
            System.arraycopy(samples.flat(), p * 150 + first, target, at, end - first);
    backend.rows().gather(reader, null, x);
    assertClose(samples.transposed(), Matrix.of(memory, x), 0);
    DeviceBuffer scaling =
        memory.of(new Matrix(new double[][] {scale.cells()[0], shift.cells()[0]}).flat());
    backend.rows().gather(reader, scaling, x);
    assertClose(expected.plusColumn(shift.cells()[0]), Matrix.of(memory, x), 1e-7);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activationsAreTheirFunctions(Activation activation, DoubleUnaryOperator function) {
    Matrix x = new Matrix(new double[][] {POINTS});
    Tensor y = Matrix.zeros(1, POINTS.length).tensor(memory);
    backend.rows().activate(activation, x.tensor(memory), y);
    for (int p = 0; p < POINTS.length; p++) {
      double expected = function.applyAsDouble(POINTS[p]);
      assertEquals(expected, Matrix.of(memory, y).cells()[0][p], 1e-7 * (1 + Math.abs(expected)));
    }
  }

  @ParameterizedTest
  @MethodSource("activations")
  void activationGradientsAreDifferenceQuotients(
      Activation activation, DoubleUnaryOperator function) {
    Matrix x = Matrix.random(3, 11, 1);
    Matrix dy = Matrix.random(3, 11, 2);
    Tensor in = x.tensor(memory);
    Tensor out = Matrix.zeros(3, 11).tensor(memory);
    Tensor dx = Matrix.zeros(3, 11).tensor(memory);
    backend.rows().activate(activation, in, out);
    backend.rows().activateGradient(activation, in, out, dy.tensor(memory), dx);
    Matrix expected = Matrix.zeros(3, 11);
    double h = 1e-6;
    for (int r = 0; r < 3; r++) {
      for (int p = 0; p < 11; p++) {
        double at = x.cells()[r][p];
        double slope = (function.applyAsDouble(at + h) - function.applyAsDouble(at - h)) / (2 * h);
        expected.cells()[r][p] = slope * dy.cells()[r][p];
      }
    }
    assertClose(expected, Matrix.of(memory, dx), 1e-6);
  }

  @Test
  void theGradientAtZeroIsTheNegativeSide() {
    Matrix zero = Matrix.zeros(1, 1);
    Matrix one = new Matrix(new double[][] {{1}});
    Tensor dx = Matrix.zeros(1, 1).tensor(memory);
    Tensor x = zero.tensor(memory);
    backend.rows().activateGradient(Activation.RELU, x, x, one.tensor(memory), dx);
    assertEquals(0, Matrix.of(memory, dx).cells()[0][0]);
    backend.rows().activateGradient(Activation.leakyRelu(-0.5f), x, x, one.tensor(memory), dx);
    assertEquals(-0.5, Matrix.of(memory, dx).cells()[0][0]);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void theDerivativeCanBeReadOffTheOutputWhereThatIsPromised(
      Activation activation, DoubleUnaryOperator function) {
    if (activation.derivativeFromOutput()) {
      Tensor dy = Matrix.random(3, 11, 2).tensor(memory);
      Tensor in = Matrix.random(3, 11, 1).tensor(memory);
      Tensor fromInput = Matrix.zeros(3, 11).tensor(memory);
      Tensor fromOutput = Matrix.zeros(3, 11).tensor(memory);
      Tensor out = Matrix.zeros(3, 11).tensor(memory);
      backend.rows().activate(activation, in, out);
      backend.rows().activateGradient(activation, in, out, dy, fromInput);
      backend.rows().activateGradient(activation, out, out, dy, fromOutput);
      assertClose(Matrix.of(memory, fromInput), Matrix.of(memory, fromOutput), 0);
    }
  }

  @Test
  void sreluByHand() {
    // knees at -1 and -1 + |-3| = 2, slopes 0.5 and 2; widths count without their sign
    DeviceBuffer parameters = memory.of(new float[] {-1, 0.5f, -3, 2});
    Matrix x = new Matrix(new double[][] {{-3, -1, 0, 1.5, 2, 4}});
    Tensor y = Matrix.zeros(1, 6).tensor(memory);
    backend.rows().srelu(parameters, x.tensor(memory), y);
    assertClose(new Matrix(new double[][] {{-2, -1, 0, 1.5, 2, 6}}), Matrix.of(memory, y), 0);
  }

  @Test
  void sreluGradientsAreDifferenceQuotients() {
    int rows = 4;
    int positions = 25;
    float[] parameters = {
      -0.5f, -0.4f, 0.1f, -0.6f, // left knees
      0.1f, 0.2f, -0.3f, 0, // left slopes
      0.7f, -0.6f, 0.3f, -0.9f, // widths
      1.5f, 0.5f, 2, -1, // right slopes
    };
    Matrix x = Matrix.random(rows, positions, 5);
    Matrix dy = Matrix.random(rows, positions, 6);
    DeviceBuffer gradient = memory.allocate(ElementType.FLOAT32, 16);
    Tensor dx = Matrix.zeros(rows, positions).tensor(memory);
    backend
        .rows()
        .sreluGradient(memory.of(parameters), x.tensor(memory), dy.tensor(memory), dx, gradient);
    float[] actual = memory.floats(gradient, 16);
    double h = 1e-7;
    for (int i = 0; i < 16; i++) {
      double[] up = nudged(parameters, i, h);
      double[] down = nudged(parameters, i, -h);
      double slope = 0;
      for (int p = 0; p < positions; p++) {
        double at = x.cells()[i % rows][p];
        slope += dy.cells()[i % rows][p] * (srelu(up, i % rows, at) - srelu(down, i % rows, at));
      }
      assertEquals(slope / (2 * h), actual[i], 1e-5, "parameter " + i);
    }
    double[] exact = nudged(parameters, 0, 0);
    Matrix expected = Matrix.zeros(rows, positions);
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < positions; p++) {
        double at = x.cells()[r][p];
        double slope = (srelu(exact, r, at + h) - srelu(exact, r, at - h)) / (2 * h);
        expected.cells()[r][p] = slope * dy.cells()[r][p];
      }
    }
    assertClose(expected, Matrix.of(memory, dx), 1e-5);
  }

  private static double[] nudged(float[] parameters, int index, double by) {
    double[] nudged = new double[parameters.length];
    for (int i = 0; i < nudged.length; i++) {
      nudged[i] = parameters[i] + (i == index ? by : 0);
    }
    return nudged;
  }

  /** The published formula with knees (t, a) at both ends, of four rows. */
  private static double srelu(double[] p, int row, double x) {
    double left = p[row];
    double right = left + Math.abs(p[8 + row]);
    return Math.min(Math.max(x, left), right)
        + p[4 + row] * Math.min(x - left, 0)
        + p[12 + row] * Math.max(x - right, 0);
  }

  @Test
  void rowSumsAreMadeInDoublePrecisionAndLeaveOutThePadding() {
    Matrix dy = new Matrix(new double[][] {{0x1p26, 1, 1, 1, -0x1p26}, {1, 2, 3, 4, 5}});
    DeviceBuffer sums = memory.of(new float[] {7, 7});
    backend.rows().rowSums(dy.tensor(memory), sums);
    assertClose(new Matrix(new double[][] {{3, 15}}), Matrix.of(memory, sums, 1, 2), 0);
  }
}
