/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Normalization;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.GradientCheck.Result;
import org.espalier.nn.GradientCheck.Tolerance;
import org.espalier.nn.LayerSpec.Convolution;
import org.espalier.nn.LayerSpec.Images;
import org.espalier.nn.LayerSpec.Norm;
import org.espalier.nn.LayerSpec.Pool;
import org.espalier.nn.LayerSpec.Residual;
import org.espalier.sparse.Kernel;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of networks of images, against differences. */
class ImageGradientTest {

  private static final LayerSpec RELU = new LayerSpec.Act(Activation.RELU);
  private static final Norm NORM = new Norm(Normalization.USUAL);

  /** Many pixels make many kinks: smaller steps than for fully connected layers meet fewer. */
  private static final Tolerance TOLERANCE = new Tolerance(1e-2, 4e-3, 0.1);

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private static Convolution sparse(int outputs, Kernel kernel) {
    return new Convolution(outputs, kernel, true, false);
  }

  private static Convolution withBias(int outputs, Kernel kernel) {
    return new Convolution(outputs, kernel, true, true);
  }

  private static Convolution dense(int outputs, Kernel kernel) {
    return new Convolution(outputs, kernel, false, true);
  }

  private static Named<NetworkSpec> network(String name, Images images, LayerSpec... layers) {
    NetworkSpec spec =
        NetworkSpec.inputs(images.channels() * images.height() * images.width()).add(images);
    for (LayerSpec layer : layers) {
      spec = spec.add(layer);
    }
    return Named.of(name, spec.add(new LayerSpec.Flatten()).denseLinear(3));
  }

  static Stream<Named<NetworkSpec>> networks() {
    Kernel three = Kernel.same(3, 1);
    Kernel halving = Kernel.same(3, 2);
    Kernel one = Kernel.same(1, 1);
    Images odd = new Images(2, 5, 3);
    List<Named<NetworkSpec>> all = new ArrayList<>();
    all.add(network("one channel, one pixel", new Images(1, 1, 1), withBias(2, three)));
    all.add(network("odd image", odd, withBias(3, three)));
    all.add(
        network(
            "5x5 without padding", new Images(1, 6, 7), withBias(2, new Kernel(5, 5, 1, 0)), RELU));
    all.add(network("stride 2 on odd sizes", odd, sparse(3, halving), NORM, RELU));
    all.add(network("dense with stride 2", odd, dense(3, halving), RELU));
    all.add(
        network(
            "7x7 with stride 2, then the largest",
            new Images(1, 9, 7),
            dense(2, Kernel.same(7, 2)),
            NORM,
            RELU,
            new Pool(Kernel.same(3, 2), true)));
    all.add(
        network(
            "no normalisation between 5x5 and 3x3 and 1x1",
            new Images(2, 4, 4),
            withBias(2, Kernel.same(5, 1)),
            new LayerSpec.Act(Activation.TANH),
            dense(2, three),
            new LayerSpec.Act(Activation.TANH),
            new LayerSpec.Drop(0.3f),
            withBias(2, one)));
    all.add(
        network(
            "an activation and dropout that stand alone",
            new Images(2, 4, 3),
            sparse(2, three),
            NORM,
            new LayerSpec.Act(Activation.leakyRelu(-0.2f)),
            new LayerSpec.Drop(0.3f),
            sparse(2, three),
            NORM));
    all.add(
        network(
            "means of windows and of all",
            new Images(2, 6, 6),
            sparse(2, three),
            NORM,
            new Pool(new Kernel(2, 2, 2, 0), false),
            dense(2, three),
            new LayerSpec.GlobalPool()));
    all.add(
        network(
            "residual",
            new Images(2, 4, 4),
            dense(3, three),
            NORM,
            RELU,
            new Residual(
                List.of(sparse(3, three), NORM, RELU, sparse(3, three), NORM), List.of(), true),
            sparse(2, three),
            NORM));
    all.add(
        network(
            "residual that halves",
            new Images(2, 5, 4),
            withBias(2, three),
            RELU,
            new Residual(
                List.of(sparse(3, halving), NORM, RELU, sparse(3, three), NORM),
                List.of(sparse(3, Kernel.same(1, 2)), NORM),
                true),
            new Residual(List.of(sparse(3, one), NORM), List.of(), false)));
    all.add(
        network(
            "residual whose ways end in convolutions",
            new Images(2, 4, 4),
            dense(2, three),
            NORM,
            RELU,
            new Residual(
                List.of(NORM, RELU, sparse(3, three), NORM, RELU, sparse(3, three)),
                List.of(dense(3, one)),
                false),
            new Residual(List.of(sparse(3, Kernel.same(5, 1))), List.of(), true),
            NORM));
    all.add(
        network(
            "depthwise, and in groups with stride 2",
            new Images(3, 5, 4),
            new Convolution(3, three, false, true, 3),
            new LayerSpec.Act(Activation.TANH),
            new Convolution(6, halving, false, false, 3),
            NORM));
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreeWithDifferences(NetworkSpec spec) {
    for (int images : new int[] {1, 3}) {
      for (Pass pass : List.of(Pass.PREDICT, Pass.training(7))) {
        check(spec, images, pass);
      }
    }
  }

  private void check(NetworkSpec spec, int images, Pass pass) {
    boolean normalised =
        spec.plan().stream().flatMap(LayerPlan::all).anyMatch(p -> p.spec() == NORM);
    if (!pass.training() && normalised) {
      return; // its gradient belongs to training
    }
    NetworkBuilder builder =
        new NetworkBuilder(spec, new UniformDensity(0.6), WeightInit.HE, true, 5, 4);
    try (Network network = builder.build(backend)) {
      float[] samples = Objectives.random(spec.inputs() * images, 3);
      Result result =
          new GradientCheck(
                  network, pass, Objectives.weightedSum(backend), samples, images, TOLERANCE)
              .run();
      assertEquals(List.of(), result.mismatches(), images + " images");
      assertTrue(result.compared() > result.skipped(), "skipped " + result.skipped());
    }
  }
}
