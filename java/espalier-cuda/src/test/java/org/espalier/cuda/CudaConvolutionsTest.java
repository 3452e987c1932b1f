/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.backend.Epilogue;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.KernelPolicy.Precision;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** How convolutions use the device; the catalogue of conformance has the results. */
class CudaConvolutionsTest {

  private static final Taps TAPS = Taps.of(Kernel.same(3, 1), 4, 5, 0, 0);
  private static final int GUARD = Tensor.strideFor(TAPS.reach());

  /** One connection, the tap in the middle. */
  private static CsrMatrix weights(Memory memory) {
    return new CsrMatrix(
            1,
            9,
            1,
            memory.of(new int[] {0, 1}),
            memory.of(new int[] {4}),
            memory.of(new float[] {3}))
        .with(TAPS);
  }

  private static Tensor images(Memory memory, int guard) {
    int positions = TAPS.output().positions(2);
    int stride = Tensor.strideFor(positions);
    DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, 2L * guard + stride);
    return new Tensor(buffer, guard, 1, positions, stride);
  }

  @Test
  void tapsGoToTheDeviceOnceAndLeaveItWithTheWeights() {
    try (CudaBackend backend = Emulated.open()) {
      Memory memory = backend.memory();
      CsrMatrix weights = weights(memory);
      Tensor x = images(memory, GUARD);
      Tensor y = images(memory, GUARD);
      long buffers = memory.liveBuffers();
      backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
      assertEquals(buffers + 1, memory.liveBuffers());
      long commands = backend.counters().commands();
      for (int step = 0; step < 3; step++) {
        backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
      }
      assertEquals(commands + 3, backend.counters().commands());
      assertEquals(buffers + 1, memory.liveBuffers());

      Taps other = Taps.of(new Kernel(3, 3, 1, 1), 4, 5, 0, 0);
      backend.sparse().spmm(weights.with(other), null, x, y, Epilogue.NONE);
      assertEquals(buffers + 1, memory.liveBuffers(), "other taps take the place of the first");
      weights.close();
      assertEquals(buffers - 3, memory.liveBuffers());
      x.buffer().close();
      y.buffer().close();
    }
  }

  @Test
  void slabsOfTheSamePatternAndTapsAreNotTakenForEachOther() {
    try (CudaBackend backend = Emulated.open()) {
      Memory memory = backend.memory();
      try (CsrMatrix weights = weights(memory);
          DeviceBuffer wide = memory.allocate(ElementType.FLOAT32, 9 * 80)) {
        Tensor x = images(memory, GUARD);
        Tensor y = images(memory, GUARD);
        float[] ones = new float[x.positions()];
        Arrays.fill(ones, 1);
        memory.upload(ones, 0, x.buffer(), x.offset(), ones.length);
        memory.fill(wide, 0, wide.length(), 2);
        Tensor plain = new Tensor(wide, 0, 9, 64, 80);
        for (int turn = 0; turn < 2; turn++) {
          backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
          float[] result = new float[1];
          memory.download(y.buffer(), y.offset(), result, 0, 1);
          assertEquals(3, result[0]);
          Tensor out = new Tensor(y.buffer(), 0, 1, 64, 64);
          backend.sparse().spmm(weights.with(Taps.NONE), null, plain, out, Epilogue.NONE);
          memory.download(y.buffer(), 0, result, 0, 1);
          assertEquals(6, result[0]);
        }
        x.buffer().close();
        y.buffer().close();
      }
    }
  }

  @Test
  void convolutionsAreNotTuned() {
    CudaSettings settings = new CudaSettings(0, false, 0, Optional.empty());
    try (CudaBackend backend =
        new CudaBackend(Emulated.library(), "cuda-emulated", settings, 1, true)) {
      backend.use(new KernelPolicy(Precision.BF16, true));
      Memory memory = backend.memory();
      Tensor x = images(memory, GUARD);
      Tensor y = images(memory, GUARD);
      try (CsrMatrix weights = weights(memory)) {
        backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
        backend.sparse().sddmm(weights, x, y, weights.values(), null);
      }
      assertEquals(Map.of(), backend.kernelChoices());
      x.buffer().close();
      y.buffer().close();
    }
  }

  @Test
  void tensorsThatDoNotFitAreRefusedAndLeaveNoTrace() {
    try (CudaBackend backend = Emulated.open()) {
      Memory memory = backend.memory();
      Tensor x = images(memory, GUARD);
      Tensor bare = images(memory, 0);
      try (CsrMatrix weights = weights(memory)) {
        String refused =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> backend.sparse().spmm(weights, null, bare, x, Epilogue.NONE))
                .getMessage();
        assertTrue(refused.contains("%d more on both sides".formatted(TAPS.reach())), refused);
        Tensor cut = x.withPositions(x.positions() - 1);
        assertThrows(
            IllegalArgumentException.class,
            () -> backend.sparse().spmm(weights, null, cut, cut, Epilogue.NONE));
        assertThrows(
            IllegalArgumentException.class,
            () -> backend.sparse().sddmm(weights, x, cut, weights.values(), null));
        assertThrows(
            IllegalArgumentException.class,
            () -> backend.images().copy(cut, TAPS.input(), x, TAPS.input()));
        backend.sparse().spmm(weights, null, x, bare, Epilogue.NONE);
        backend.await();
      }
      x.buffer().close();
      bare.buffer().close();
    }
  }

  @Test
  void stridesThatAreTooWideAreRefused() {
    try (CudaBackend backend = Emulated.open()) {
      Taps taps = Taps.of(new Kernel(1, 1, 65, 0), 4, 5, 0, 0);
      Tensor x = images(backend.memory(), 0);
      String refused =
          assertThrows(
                  UserException.class, () -> backend.images().split(x, TAPS.input(), 65, taps, x))
              .getMessage();
      assertTrue(refused.contains("65 pixels") && refused.contains("64 at most"), refused);
      x.buffer().close();
    }
  }
}
