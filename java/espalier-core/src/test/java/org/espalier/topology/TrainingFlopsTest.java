/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import static org.espalier.topology.Digits.assertDigits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Costs of training and sizes of models, against the published figures of ResNet-50. */
class TrainingFlopsTest {

  private static final List<LayerWork> RES_NET_50 = PublishedNetworks.resNet50ImageNet();
  private static final List<LayerShape> SHAPES = PublishedNetworks.shapes(RES_NET_50);
  private static final int STEPS = 32_000;

  /** Counts a bias and a ReLU of each output, as the published figures do. */
  private static double forward(double[] densities) {
    return LayerWork.flops(RES_NET_50, densities)
        + RES_NET_50.stream().mapToLong(LayerWork::outputs).sum();
  }

  private static TrainingFlops erk(double density) {
    return new TrainingFlops(
        forward(new UniformDensity(1).densities(SHAPES)),
        forward(new ErdosRenyi(density, true).densities(SHAPES)));
  }

  @Test
  void trainingOnceCostsThePublishedNumberOfOperations() {
    assertDigits("3.2", erk(0.2).ofDense() * STEPS * 4096 * 1e-18);
  }

  @ParameterizedTest
  @CsvSource({"0.2, .415, .42, .61", "0.1, .243, .25, .50"})
  void methodsCostThePublishedShares(double density, String fixed, String rigl, String snfs) {
    TrainingFlops flops = erk(density);
    assertDigits(fixed, flops.ofSparse() / flops.ofDense());
    assertDigits(rigl, flops.ofDenseGradientEvery(100) / flops.ofDense());
    assertDigits(snfs, flops.ofDenseGradient() / flops.ofDense());
  }

  /** A cubic ramp from one sparsity to another over a part of the run. */
  private static double[] ramp(
      double initial, double last, double from, double until, DoubleUnaryOperator cost) {
    double[] costs = new double[STEPS];
    for (int t = 0; t < STEPS; t++) {
      double progress = ((t + 0.5) / STEPS - from) / (until - from);
      double left = 1 - Math.max(0, Math.min(1, progress));
      costs[t] = cost.applyAsDouble(1 - (last + (initial - last) * left * left * left));
    }
    return costs;
  }

  /** Gradual pruning is uniform and keeps the first layer dense. */
  @ParameterizedTest
  @CsvSource({"0.8, .56", "0.9, .50"})
  void gradualPruningCostsThePublishedShare(double sparsity, String share) {
    DoubleUnaryOperator cost =
        density ->
            forward(
                new FixedLayers(
                        OptionalDouble.of(1),
                        OptionalDouble.empty(),
                        FixedLayers.Budget.OUTSIDE,
                        density,
                        UniformDensity::new)
                    .densities(SHAPES));
    double[] forward = ramp(0, sparsity, 10 / 32.0, 25 / 32.0, cost);
    assertDigits(share, TrainingFlops.ofPruning(forward) / erk(1).ofDense());
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.8, .223", "0.5, 0.9, .130", "0, 0.8, .260", "0, 0.9, .168"})
  void granetsRampHasThePublishedMeanDensity(double initial, double last, String mean) {
    double[] densities = ramp(initial, last, 0, 0.3, density -> density);
    assertDigits(mean, Math.round(TrainingFlops.ofPruning(densities) / 3 * 1e6) * 1e-6);
  }

  @Test
  void growthByGradientAddsADenseWeightGradientAtUpdates() {
    double[] sparse = {4, 2};
    assertEquals(9, TrainingFlops.ofPruning(sparse));
    assertEquals(9 + (10 - 3) / 7.0, TrainingFlops.ofPruningAndGrowth(10, sparse, 7), 1e-12);
    double[] densities = ramp(0, 0.9, 0, 0.3, density -> density);
    double without = TrainingFlops.ofPruning(densities);
    double with = TrainingFlops.ofPruningAndGrowth(1, densities, 1000);
    assertEquals(1, with / without, 2e-3);
  }

  /** The published sizes come out when fractions of a connection are dropped in every layer. */
  @ParameterizedTest
  @CsvSource({"0.2, 23.683", "0.1, 13.499", "0.05, 8.399"})
  void storedModelsHaveThePublishedSizes(double density, String megabytes) {
    long biases = SHAPES.stream().mapToLong(LayerShape::outputs).sum();
    ErdosRenyi rule = new ErdosRenyi(density, true);
    double[] densities = rule.densities(SHAPES);
    long[] floor = new long[densities.length];
    Arrays.setAll(floor, l -> (long) (densities[l] * SHAPES.get(l).size()));
    long published = ModelSize.bytes(SHAPES, floor, biases);
    assertDigits(megabytes, published * 1e-6);
    assertEquals(published, ModelSize.bytes(SHAPES, rule.connections(SHAPES), biases), 4 * 54);
  }

  @Test
  void aDenseModelStoresNoPositions() {
    List<LayerShape> layers = List.of(LayerShape.linear("a", 10, 16));
    assertEquals(4 * 170, ModelSize.bytes(layers, new long[] {160}, 10));
    assertEquals(4 * 90 + 20, ModelSize.bytes(layers, new long[] {80}, 10));
  }

  @Test
  void anOperationIsAMultiplicationAndAnAdditionOfAConnectionAtAPosition() {
    LayerWork layer = new LayerWork(new LayerShape("conv", 8, 4, 3, 3), 49);
    assertEquals(2 * 8 * 4 * 9 * 49, layer.flops(1));
    assertEquals(8 * 49, layer.outputs());
    assertEquals(layer.flops(1) / 4, layer.flops(0.25));
    LayerWork linear = new LayerWork(LayerShape.linear("linear", 5, 6), 1);
    double[] half = new double[2];
    Arrays.fill(half, 0.5);
    List<LayerWork> both = List.of(layer, linear);
    assertEquals(LayerWork.denseFlops(both) / 2, LayerWork.flops(both, half));
    assertThrows(
        IllegalArgumentException.class, () -> new LayerWork(LayerShape.linear("linear", 5, 6), 0));
  }
}
