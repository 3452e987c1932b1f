/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.espalier.UserException;
import org.espalier.backend.Activation;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scores are what their formulas say, computed plainly in double precision. */
class CriterionTest {

  private static final Loss LOSS = new Loss.SoftmaxCrossEntropy(0);

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  /** What a test compares: weights before scoring, scores of the sparse ones in one row. */
  private record Scored(double[] weights, double[] scores) {}

  private Scored score(Criterion criterion) {
    try (Network network = Example.whole(backend, criterion)) {
      double[] weights = Example.weights(network);
      return new Scored(weights, flat(criterion.scores(network)));
    }
  }

  private static double[] flat(List<float[]> layers) {
    int size = layers.stream().mapToInt(layer -> layer.length).sum();
    double[] flat = new double[size];
    int at = 0;
    for (float[] layer : layers) {
      for (float value : layer) {
        flat[at++] = value;
      }
    }
    return flat;
  }

  private static double[] gradient(ToDoubleFunction<double[]> function, double[] at, double step) {
    double[] gradient = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] moved = at.clone();
      moved[i] = at[i] + step;
      double ahead = function.applyAsDouble(moved);
      moved[i] = at[i] - step;
      gradient[i] = (ahead - function.applyAsDouble(moved)) / (2 * step);
    }
    return gradient;
  }

  private static void assertScores(double[] expected, double[] actual, double tolerance) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < actual.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * largest, "connection " + i);
    }
  }

  @Test
  void magnitudeIsThatOfTheFirstWeights() {
    Scored scored = score(new GlobalMagnitude());
    assertEquals(35, scored.scores.length);
    for (int i = 0; i < scored.scores.length; i++) {
      assertEquals(Math.abs(scored.weights[i]), scored.scores[i]);
    }
  }

  @Test
  void snipIsWeightTimesGradient() {
    Scored scored = score(new Snip(Example.samples(), LOSS));
    double[] gradient = gradient(w -> Example.loss(w, 1, Math::tanh), scored.weights, 1e-5);
    double[] expected = new double[scored.scores.length];
    Arrays.setAll(expected, i -> Math.abs(gradient[i] * scored.weights[i]));
    assertScores(expected, scored.scores, 1e-5);
  }

  /**
   * The Hessian of all sparse weights, each entry from four losses in double precision, on steps
   * too short to meet a kink.
   */
  @ParameterizedTest
  @EnumSource
  void graspIsWeightTimesHessianTimesGradient(Activation.Kind kind) {
    Activation activation = new Activation(kind, kind == Activation.Kind.LEAKY_RELU ? -0.6f : 0);
    DoubleUnaryOperator plain =
        switch (kind) {
          case TANH -> Math::tanh;
          case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
          default -> x -> x > 0 ? x : activation.slope() * x;
        };
    NetworkBuilder builder = Example.builder(activation);
    Grasp grasp = new Grasp(builder.spec(), Example.samples(), LOSS);
    double[] weights;
    double[] scores;
    try (Network network = Example.whole(backend, grasp, builder)) {
      weights = Example.weights(network);
      scores = flat(grasp.scores(network));
    }
    int n = scores.length;
    ToDoubleFunction<double[]> loss = w -> Example.loss(w, 200, plain);
    double[] gradient = gradient(loss, weights, 1e-6);
    double[] expected = new double[n];
    double step = 1e-4;
    for (int i = 0; i < n; i++) {
      double product = 0;
      for (int j = 0; j < n; j++) {
        double second = 0;
        for (int corner = 0; corner < 4; corner++) {
          double[] moved = weights.clone();
          moved[i] += (corner & 1) == 0 ? step : -step;
          moved[j] += (corner & 2) == 0 ? step : -step;
          second += (corner == 0 || corner == 3 ? 1 : -1) * loss.applyAsDouble(moved);
        }
        product += second / (4 * step * step) * gradient[j];
      }
      expected[i] = weights[i] * product;
    }
    assertScores(expected, scores, 2e-3);
  }

  /** With one layer the Hessian is known: the covariance of the classes times that of inputs. */
  @Test
  void graspOfOneLayerHasTheHessianOfSoftmaxRegression() {
    SampleSource samples = SampleSource.of(new float[] {0.5f, -1, 2}, 3, new int[] {1}, 2);
    NetworkBuilder builder =
        new NetworkBuilder(
            NetworkSpec.inputs(3).sparseLinear(2),
            new UniformDensity(1),
            WeightInit.HE,
            true,
            5,
            1);
    try (Network network = builder.build(backend)) {
      double[] w = Example.weights(network);
      double[] x = {0.5, -1, 2};
      double[] z = new double[2];
      for (int i = 0; i < 6; i++) {
        z[i / 3] += w[i] * x[i % 3] / 200;
      }
      double p = 1 / (1 + Math.exp(z[1] - z[0]));
      double square = 0.25 + 1 + 4;
      // gradient p x / T and -p x / T; Hessian p (1 - p) / T^2 with signs (1, -1), times x x^T
      double common = p * (1 - p) * 2 * p * square / (200.0 * 200 * 200);
      double[] expected = new double[6];
      Arrays.setAll(expected, i -> w[i] * (i < 3 ? 1 : -1) * common * x[i % 3]);
      assertScores(expected, flat(new Grasp(builder.spec(), samples, LOSS).scores(network)), 1e-3);
    }
  }

  @Test
  void synFlowIsTheFlowThroughEachConnectionUpToOneFactor() {
    Scored scored = score(SynFlow.PAPER);
    double[] absolute = Arrays.stream(scored.weights).map(Math::abs).toArray();
    double[] ones = new double[Example.WIDTHS[0]];
    Arrays.fill(ones, 1);
    double[] gradient =
        gradient(w -> Arrays.stream(Example.outputs(w, ones, x -> x)).sum(), absolute, 1e-3);
    double factor = scored.scores[0] / (gradient[0] * absolute[0]);
    assertTrue(factor > 0);
    double[] expected = new double[scored.scores.length];
    Arrays.setAll(expected, i -> factor * gradient[i] * absolute[i]);
    assertScores(expected, scored.scores, 1e-5);
  }

  @Test
  void synFlowDoesNotOverflowHoweverDeep() {
    NetworkSpec spec = NetworkSpec.inputs(50);
    for (int l = 0; l < 120; l++) {
      spec = spec.sparseLinear(50);
    }
    NetworkBuilder builder =
        new NetworkBuilder(spec, new UniformDensity(1), WeightInit.normal(3), true, 5, 1);
    try (Network network = builder.build(backend)) {
      List<float[]> scores = SynFlow.PAPER.scores(network);
      double first = 0;
      for (float[] layer : scores) {
        double sum = 0;
        for (float score : layer) {
          sum += score;
        }
        first = first == 0 ? sum : first;
        assertEquals(1, sum / first, 1e-4, "the same flow passes every layer");
      }
      assertTrue(first > 0 && first <= 50);
    }
  }

  @Test
  void aGradientOfZeroIsExplained() {
    SampleSource zeros = SampleSource.of(new float[4], 4, new int[] {0}, 3);
    Grasp grasp = new Grasp(Example.builder().spec(), zeros, LOSS);
    try (Network network = Example.whole(backend, grasp)) {
      var error = assertThrows(UserException.class, () -> grasp.scores(network));
      assertTrue(error.getMessage().contains("norm 0.0"), error.getMessage());
    }
  }
}
