/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.backend.UpdateOps.SgdStep;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * The operations of a training step leave nothing to the garbage collector once they are compiled;
 * vectors that are put on the heap after all would also cost ten times the time.
 */
class OperationsAllocateNothingTest {

  private static final int CALLS = 100;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  @Test
  void theOperationsOfATrainingStep() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Backend backend = new VectorBackendProvider().create(1)) {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      operations(backend)
          .forEach(
              (name, operation) -> {
                long allocated;
                do { // until the compiler is through
                  long before = threads.getCurrentThreadAllocatedBytes();
                  for (int i = 0; i < CALLS; i++) {
                    operation.run();
                  }
                  allocated = threads.getCurrentThreadAllocatedBytes() - before;
                  if (System.nanoTime() > deadline) {
                    fail("%s allocates %d bytes a call".formatted(name, allocated / CALLS));
                  }
                } while (allocated > 10 * CALLS);
              });
    }
  }

  private static Map<String, Runnable> operations(Backend backend) {
    Tensor x = tensor(backend.memory(), 64, 100);
    Tensor y = tensor(backend.memory(), 48, 100);
    Tensor z = tensor(backend.memory(), 10, 100);
    Tensor outcome = tensor(backend.memory(), 2, 100);
    ValueRule uniform = new ValueRule(ValueRule.Kind.UNIFORM, 1);
    CsrMatrix csr = backend.topology().random(48, 64, 300, 1, uniform, 2);
    DeviceBuffer bias = backend.memory().of(new float[48]);
    DeviceBuffer gradient = backend.memory().allocate(ElementType.FLOAT32, 640);
    DeviceBuffer velocity = backend.memory().allocate(ElementType.FLOAT32, 640);
    DeviceBuffer dense = backend.memory().allocate(ElementType.FLOAT32, 640);
    DeviceBuffer labels = backend.memory().of(new int[100]);
    SgdStep step = new SgdStep(0.1f, 0.9f, false, 1e-4f, 1);
    Map<String, Runnable> all = new LinkedHashMap<>();
    all.put("spmm", () -> backend.sparse().spmm(csr, bias, x, y));
    all.put("sddmm", () -> backend.sparse().sddmm(csr, x, y, gradient));
    all.put("gemm", () -> backend.dense().gemm(dense, null, x, z));
    all.put("gemmTransposed", () -> backend.dense().gemmTransposed(dense, z, x));
    all.put("gemmGradient", () -> backend.dense().gemmGradient(x, z, gradient));
    all.put("rowSums", () -> backend.rows().rowSums(y, bias));
    all.put("activate", () -> backend.rows().activate(Activation.RELU, y, y));
    all.put("activateGradient", () -> backend.rows().activateGradient(Activation.RELU, y, y, y, y));
    all.put(
        "softmaxCrossEntropy",
        () -> backend.losses().softmaxCrossEntropy(z, labels, 0, 0.01f, z, outcome));
    all.put("sgd", () -> backend.updates().sgd(dense, gradient, velocity, 640, step));
    return all;
  }

  private static Tensor tensor(Memory memory, int rows, int positions) {
    int stride = Tensor.strideFor(positions);
    DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, (long) rows * stride);
    return new Tensor(buffer, 0, rows, positions, stride);
  }
}
