/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DenseTwinsTest {

  private static final int IMAGES = 3;
  private static final ValueRule VALUES = new ValueRule(ValueRule.Kind.NORMAL, 1);

  /** Both products of a layer, the way that was chosen. */
  private static float[] products(Backend backend, Taps taps, double density, String way) {
    int channels = 7;
    int columns = channels * taps.count();
    int count = (int) (density * 9 * columns);
    CsrMatrix csr = backend.topology().random(9, columns, count, 1, VALUES, 2).with(taps);
    int positions = taps.isNone() ? 50 : taps.output().positions(IMAGES);
    int inputs = channels * taps.phases().size();
    backend.working("layer");
    if (way != null) {
      Map<String, String> choices = new HashMap<>();
      for (String product : List.of("forward", "backward")) {
        choices.put(String.format(Locale.ROOT, "layer %s at %.1f", product, csr.density()), way);
      }
      backend.useKernelChoices(choices);
    }
    try (SparseWeights weights = new SparseWeights("layer", csr, VALUES);
        DeviceBuffer bias = backend.memory().of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        DeviceBuffer in = random(backend, inputs, positions, taps);
        DeviceBuffer out = backend.memory().allocate(ElementType.FLOAT32, 100_000)) {
      weights.setTransposed(backend.topology().transpose(csr));
      Tensor x = tensor(in, inputs, positions);
      Tensor y = tensor(out, 9, positions);
      Epilogue relu = Epilogue.activate(Activation.RELU);
      backend.sparse().spmm(csr, bias, x, y, relu);
      Tensor dx = new Tensor(out, 40_000, inputs, positions, y.stride());
      backend.sparse().spmmTransposed(weights.transposed().orElseThrow(), y, dx, Epilogue.NONE);
      return backend.memory().floats(out, 100_000);
    }
  }

  private static Tensor tensor(DeviceBuffer buffer, int rows, int positions) {
    return new Tensor(buffer, 1024, rows, positions, Tensor.strideFor(positions));
  }

  private static DeviceBuffer random(Backend backend, int rows, int positions, Taps taps) {
    int stride = Tensor.strideFor(positions);
    float[] values = new float[2048 + rows * stride];
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < positions; p++) {
        boolean pixel = taps.isNone() || taps.input().isPixel(p);
        values[1024 + r * stride + p] = pixel ? VALUES.valueAt(3, r * positions + p) : 0;
      }
    }
    return backend.memory().of(values);
  }

  @Test
  void bothWaysGiveTheSameBits() {
    List<Taps> layers =
        List.of(
            Taps.NONE,
            Taps.of(Kernel.same(3, 1), 8, 7, 0, 0),
            Taps.of(Kernel.same(3, 2), 9, 7, 0, 0),
            Taps.of(new Kernel(1, 1, 2, 0), 8, 8, 0, 0));
    for (Taps taps : layers) {
      for (double density : new double[] {0.3, 0.7, 1}) {
        try (Backend sparse = new VectorBackend(1);
            Backend dense = new VectorBackend(2)) {
          float[] expected = products(sparse, taps, density, "sparse");
          assertArrayEquals(
              expected, products(dense, taps, density, "dense"), taps + " " + density);
          assertEquals(Set.of("sparse"), Set.copyOf(sparse.kernelChoices().values()));
          assertEquals(Set.of("dense"), Set.copyOf(dense.kernelChoices().values()));
          assertEquals(2, dense.kernelChoices().size(), "none was measured");
          assertTrue(expected[1024] != 0 || expected[1025] != 0 || expected[1026] != 0);
        }
      }
    }
  }

  @Test
  void theChoiceIsMadeAfterATrialAndKept() {
    try (Backend backend = new VectorBackend(1);
        CsrMatrix csr = backend.topology().random(64, 64, 2_500, 1, VALUES, 2);
        DeviceBuffer in = random(backend, 64, 2_000, Taps.NONE);
        DeviceBuffer out = backend.memory().allocate(ElementType.FLOAT32, 200_000)) {
      Tensor x = tensor(in, 64, 2_000);
      Tensor y = tensor(out, 64, 2_000);
      backend.sparse().spmm(csr, null, x, y, Epilogue.NONE);
      assertTrue(backend.kernelChoices().isEmpty(), "one product tells nothing");
      long patience = System.nanoTime() + 60_000_000_000L;
      while (backend.kernelChoices().isEmpty() && System.nanoTime() < patience) {
        backend.sparse().spmm(csr, null, x, y, Epilogue.NONE);
      }
      Map<String, String> choices = backend.kernelChoices();
      assertEquals(Set.of("64x64 forward at 0.6"), choices.keySet());
      assertTrue(List.of("dense", "sparse").containsAll(choices.values()));
      for (int i = 0; i < 20; i++) {
        backend.sparse().spmm(csr, null, x, y, Epilogue.NONE);
      }
      assertEquals(choices, backend.kernelChoices());
    }
  }

  @Test
  void theTrialComparesTheShortestTimesOfManyTurns() {
    ProductTrial trial = new ProductTrial();
    for (int turn = 0; turn < 8; turn++) {
      assertTrue(!trial.isOver());
      assertTrue(!trial.denseIsNext());
      trial.took(turn == 5 ? 20_000_000 : 90_000_000);
      assertTrue(trial.denseIsNext());
      trial.took(30_000_000);
    }
    assertTrue(trial.isOver());
    assertTrue(!trial.denseIsFaster());
  }

  @Test
  void theTrialOfAFastProductGoesOnUntilItIsCompiled() {
    ProductTrial trial = new ProductTrial();
    int turns = 0;
    while (!trial.isOver()) {
      trial.took(trial.denseIsNext() ? 400_000 : 600_000);
      turns++;
    }
    assertEquals(1_000, turns);
    assertTrue(trial.denseIsFaster());
  }

  @Test
  void sparsePatternsAreLeftAlone() {
    try (Backend backend = new VectorBackend(1)) {
      products(backend, Taps.NONE, 0.1, null);
      assertTrue(backend.kernelChoices().isEmpty());
    }
  }
}
