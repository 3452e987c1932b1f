/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.UserException;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.tensor.Tensor;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchLoaderTest {

  private final ScalarBackend backend = new ScalarBackend();

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, backend.memory().liveBuffers());
  }

  private Network network(int inputs) {
    NetworkSpec spec = NetworkSpec.inputs(inputs).denseLinear(5);
    return new NetworkBuilder(spec, new UniformDensity(1), WeightInit.HE, true, 1, 24)
        .build(backend);
  }

  /** Sample i is the number i, twice, with label i modulo 5. */
  private static SampleSource numbered(int count) {
    float[] rows = new float[2 * count];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      rows[2 * i] = i;
      rows[2 * i + 1] = i;
      labels[i] = i % 5;
    }
    return SampleSource.of(rows, 2, labels, 5);
  }

  /** Returns the samples of all batches in order, checked against their labels. */
  private List<Integer> epoch(BatchLoader loader, int batchSize, int size) {
    List<Integer> seen = new ArrayList<>();
    for (int b = 0; b < loader.batches(); b++) {
      Tensor input = loader.load(b);
      assertEquals(Math.min(batchSize, size - b * batchSize), input.positions());
      int[] labels = backend.memory().ints(loader.labels(), input.positions());
      float[] row = new float[input.positions()];
      float[] second = new float[input.positions()];
      backend.memory().download(input.buffer(), input.offset(), row, 0, row.length);
      long at = input.offset() + input.stride();
      backend.memory().download(input.buffer(), at, second, 0, row.length);
      assertArrayEquals(row, second);
      for (int p = 0; p < row.length; p++) {
        assertEquals((int) row[p] % 5, labels[p]);
        seen.add((int) row[p]);
      }
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 24, 25, 96, 1000})
  void eachSampleComesOnceAnEpochInAnOrderOfItsOwn(int size) {
    try (Network network = network(2);
        BatchLoader loader = new BatchLoader(network, numbered(size), 24)) {
      List<List<Integer>> epochs = new ArrayList<>();
      for (int epoch = 1; epoch <= 4; epoch++) {
        loader.shuffle(5, epoch);
        List<Integer> seen = epoch(loader, 24, size);
        assertEquals(size, seen.size());
        assertEquals(size, new HashSet<>(seen).size());
        epochs.add(seen);
      }
      if (size > 20) {
        assertEquals(4, new HashSet<>(epochs).size());
        loader.shuffle(6, 1);
        assertNotEquals(epochs.get(0), epoch(loader, 24, size), "another seed");
      }
      loader.shuffle(5, 2);
      assertEquals(epochs.get(1), epoch(loader, 24, size), "same seed and epoch");
    }
  }

  @Test
  void withoutShufflingSamplesComeInOrder() {
    try (Network network = network(2);
        BatchLoader loader = new BatchLoader(network, numbered(50), 20)) {
      assertEquals(3, loader.batches());
      assertEquals(IntStream.range(0, 50).boxed().toList(), epoch(loader, 20, 50));
    }
  }

  @Test
  void anyBatchCanBeLoadedFirst() {
    try (Network network = network(2);
        BatchLoader loader = new BatchLoader(network, numbered(50), 20)) {
      assertEquals(10, loader.load(2).positions());
      assertEquals(IntStream.range(0, 50).boxed().toList(), epoch(loader, 20, 50));
    }
  }

  /** What a program has to write at least to train on numbers of its own: here 10 i + f. */
  private record Computed(int size, int features, Optional<FeatureScaling> scaling)
      implements SampleSource {

    @Override
    public int classes() {
      return 5;
    }

    @Override
    public void read(int sample, int firstFeature, int endFeature, float[] target, int at) {
      for (int f = firstFeature; f < endFeature; f++) {
        target[at + f - firstFeature] = 10 * sample + f;
      }
    }

    @Override
    public int label(int sample) {
      return sample % 5;
    }
  }

  @Test
  void featuresAreScaledOnTheirWayIntoTheNetwork() {
    FeatureScaling scaling = new FeatureScaling(new float[] {1, 2, 0}, new float[] {0, 7, -1});
    try (Network network = network(3);
        BatchLoader loader =
            new BatchLoader(network, new Computed(2, 3, Optional.of(scaling)), 24)) {
      Tensor input = loader.load(0);
      float[] all = backend.memory().floats(input.buffer(), 3 * input.stride());
      float[][] expected = {{0, 10}, {9, 29}, {-1, -1}};
      for (int f = 0; f < 3; f++) {
        int from = f * input.stride();
        assertArrayEquals(expected[f], Arrays.copyOfRange(all, from, from + 2));
      }
    }
  }

  @Test
  void aScalingForOtherFeaturesIsRefused() {
    Computed source = new Computed(2, 3, Optional.of(FeatureScaling.identity(4)));
    try (Network network = network(3)) {
      String message =
          assertThrows(UserException.class, () -> BatchLoader.check("training", network, source))
              .getMessage();
      assertEquals(
          "The scaling of the training samples is for 4 features; expected 3, as they have.",
          message);
    }
  }

  @Test
  void evaluationDoesNotDependOnTheSizeOfBatches() {
    SampleSource samples = Runs.clouds(101, 1);
    List<Evaluation> evaluations = new ArrayList<>();
    for (int maxPositions : new int[] {1, 10, 101, 500}) {
      try (Network network = Runs.network(backend, maxPositions)) {
        evaluations.add(Evaluator.evaluate(network, new Loss.SoftmaxCrossEntropy(0), samples));
      }
    }
    assertEquals(101, evaluations.get(0).samples());
    for (Evaluation evaluation : evaluations) {
      assertEquals(evaluations.get(0).accuracy(), evaluation.accuracy());
      assertEquals(evaluations.get(0).loss(), evaluation.loss(), 1e-9);
    }
  }

  @Test
  void evaluationOfAKnownNetwork() {
    // no weights, biases 0..4: always class 4, which is the label of every fifth sample
    try (Network network = network(2)) {
      var parameters = network.parameters();
      backend.memory().fill(parameters.get(0).values(), 0, 10, 0);
      float[] biases = {0, 1, 2, 3, 4};
      backend.memory().upload(biases, 0, parameters.get(1).values(), 0, 5);
      Evaluation evaluation =
          Evaluator.evaluate(network, new Loss.MeanSquaredError(), numbered(52));
      assertEquals(10 / 52.0, evaluation.accuracy());
      double expected = 0;
      for (int i = 0; i < 52; i++) {
        expected += (0 + 1 + 4 + 9 + 16 - 2 * (i % 5) + 1) / 5.0 / 52;
      }
      assertEquals(expected, evaluation.loss(), 1e-6);
    }
  }
}
