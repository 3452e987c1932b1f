/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.espalier.backend.Normalization;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.LayerSpec.Convolution;
import org.espalier.nn.LayerSpec.Norm;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checks that layers share the memory of their gradients without disturbing one another. */
class GradientMemoryTest {

  private static final int SAMPLES = 4;

  private final ScalarBackend backend = new ScalarBackend();
  private final GradientMemory memory = new GradientMemory(backend.memory());

  private InputGradient features(int rows) {
    return new InputGradient(memory, new TensorShape(rows, null));
  }

  @AfterEach
  void nothingIsLeft() {
    memory.close();
    assertEquals(0, backend.memory().liveBuffers());
  }

  @Test
  void whatWasGivenBackIsLentAgain() {
    Tensor first = features(3).lend(SAMPLES);
    Tensor second = features(3).lend(SAMPLES);
    assertNotSame(first.buffer(), second.buffer());
    memory.giveBack(first);
    assertSame(first.buffer(), features(3).lend(SAMPLES).buffer());
    assertEquals(2, backend.memory().liveBuffers());
  }

  @Test
  void memoryThatIsTooSmallIsReplacedByLarger() {
    InputGradient small = features(3);
    memory.giveBack(small.lend(SAMPLES));
    Tensor large = features(30).lend(SAMPLES);
    assertEquals(1, backend.memory().liveBuffers());
    memory.giveBack(large);
    assertSame(large.buffer(), small.lend(SAMPLES).buffer());
  }

  @Test
  void memoryIsAsLargeAsWhatIsExpected() {
    memory.expect(new TensorShape(30, null), SAMPLES);
    Tensor small = features(3).lend(SAMPLES);
    memory.giveBack(small);
    assertSame(small.buffer(), features(30).lend(SAMPLES).buffer());
  }

  @Test
  void whoeverAsksAgainHasGivenBack() {
    InputGradient layer = features(3);
    Tensor first = layer.lend(SAMPLES);
    assertSame(first, layer.lend(SAMPLES), "and no new view is made");
  }

  @Test
  void memoryOfOthersIsLeftAlone() {
    try (GradientMemory other = new GradientMemory(backend.memory())) {
      Tensor foreign = new InputGradient(other, new TensorShape(3, null)).lend(SAMPLES);
      Tensor own = features(3).lend(SAMPLES);
      memory.giveBack(foreign);
      assertNotSame(own.buffer(), features(3).lend(SAMPLES).buffer());
    }
  }

  @Test
  void beforeAndBehindImagesAreZerosWhateverWasThere() {
    InputGradient large = features(100);
    Tensor numbers = large.lend(SAMPLES);
    backend.memory().fill(numbers.buffer(), 0, numbers.buffer().length(), Float.NaN);
    memory.giveBack(numbers);

    TensorShape shape = new TensorShape(2, new ImageGrid(3, 3, 4, 4));
    Tensor images = new InputGradient(memory, shape).lend(SAMPLES);
    assertSame(numbers.buffer(), images.buffer());
    float[] all = backend.memory().floats(images.buffer(), (int) shape.length(SAMPLES));
    for (int i = 0; i < shape.guard(); i++) {
      assertEquals(0f, all[i]);
      assertEquals(0f, all[all.length - 1 - i]);
    }
  }

  @Test
  void aDeepNetworkHasTwoGradientsAtATime() {
    NetworkSpec spec = NetworkSpec.inputs(2 * 6 * 6).add(new LayerSpec.Images(2, 6, 6));
    for (int layer = 0; layer < 12; layer++) {
      spec = spec.add(new LayerSpec.Pool(Kernel.same(3, 1), false));
    }
    assertEquals(2, gradients(spec.add(new LayerSpec.Flatten()).denseLinear(3)));
  }

  @Test
  void residualLayersHaveFiveAtMostHoweverManyThereAre() {
    NetworkSpec spec = NetworkSpec.inputs(2 * 6 * 6).add(new LayerSpec.Images(2, 6, 6));
    Norm norm = new Norm(Normalization.USUAL);
    for (int block = 0; block < 3; block++) {
      List<LayerSpec> body =
          List.of(
              new Convolution(2, Kernel.same(3, 2), false, false),
              norm,
              new Convolution(2, Kernel.same(3, 1), false, false),
              norm);
      Convolution projection = new Convolution(2, Kernel.same(1, 2), false, false);
      spec = spec.add(new LayerSpec.Residual(body, List.of(projection, norm), true));
    }
    assertEquals(5, gradients(spec.add(new LayerSpec.Flatten()).denseLinear(3)));
  }

  /** Returns how many buffers the backward passes of a dense network add. */
  private long gradients(NetworkSpec spec) {
    try (Network network =
        new NetworkBuilder(spec, new UniformDensity(1), WeightInit.HE, true, 1, SAMPLES)
            .build(backend)) {
      long before = backend.memory().liveBuffers();
      long[] added = new long[3];
      for (int step = 0; step < added.length; step++) {
        Tensor outputs = network.forward(network.input(SAMPLES), Pass.training(1));
        network.backward(outputs, true, GradientSink.ignore());
        added[step] = backend.memory().liveBuffers() - before;
        assertEquals(added[0], added[step]);
      }
      return added[0];
    }
  }
}
