/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.conformance.InterceptedBackend.Call;
import org.espalier.conformance.InterceptedBackend.Interceptor;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** A backend with a mistake in it is found out, and the first wrong element is named. */
class ConformanceTest {

  private final ScalarBackend oracle = new ScalarBackend();
  private final ScalarBackend base = new ScalarBackend();
  private final Memory memory = base.memory();

  @Test
  void leavingOutTheLastPositionIsFound() {
    CheckResult result =
        check(
            "spmm",
            call -> {
              Tensor y = (Tensor) call.arguments()[3];
              return with(call, 3, y.withPositions(y.positions() - 1));
            });
    assertTrue(result.problem().matches("y\\[0, \\d+] is NaN, expected .*"), result.problem());
  }

  @Test
  void readingThePaddingIsFound() {
    assertFails(
        "sddmm",
        call -> {
          Tensor dy = (Tensor) call.arguments()[2];
          return with(call, 2, wider(dy));
        });
  }

  @Test
  void addingToTheOutputInsteadOfOverwritingItIsFound() {
    assertFails(
        "gemmGradient",
        call -> {
          DeviceBuffer gradient = (DeviceBuffer) call.arguments()[2];
          float before = memory.floats(gradient, 1)[0];
          Object result = call.proceed(call.arguments());
          float sum = memory.floats(gradient, 1)[0] + before;
          memory.fill(gradient, 0, 1, sum);
          return result;
        });
  }

  @Test
  void writingBeyondTheLastRowIsFound() {
    CheckResult result =
        check(
            "activate",
            call -> {
              Tensor y = (Tensor) call.arguments()[2];
              memory.fill(y.buffer(), y.offset() + (long) y.rows() * y.stride(), 1, 0);
              return call.proceed(call.arguments());
            });
    assertTrue(result.problem().startsWith("elements changed that are not an output[0] is 1.0"));
  }

  @Test
  void changingAnInputIsFound() {
    assertFails(
        "rowSums",
        call -> {
          Object result = call.proceed(call.arguments());
          Tensor dy = (Tensor) call.arguments()[0];
          memory.fill(dy.buffer(), dy.offset(), 1, 7);
          return result;
        });
  }

  @Test
  void ignoringTheBiasIsFound() {
    assertFails("gemm", call -> with(call, 1, null));
  }

  @Test
  void oneWrongDecisionIsFound() {
    assertFails(
        "pruneSignwise",
        call -> {
          Object pruned = call.proceed(call.arguments());
          DeviceBuffer keep = (DeviceBuffer) call.arguments()[2];
          if (keep.length() > 0) {
            int[] flag = memory.ints(keep, 1);
            memory.upload(new int[] {1 - flag[0]}, 0, keep, 0, 1);
          }
          return pruned;
        });
  }

  @Test
  void anotherInitialValueIsFound() {
    assertFails(
        "random",
        call -> {
          CsrMatrix csr = (CsrMatrix) call.proceed(call.arguments());
          memory.fill(csr.values(), 0, Math.min(1, csr.nnz()), 0.125f);
          return csr;
        });
  }

  @Test
  void aRoundingErrorOfTheSizeOfAHalfPrecisionProductIsFound() {
    assertFails(
        "spmm",
        call -> {
          Object result = call.proceed(call.arguments());
          Tensor y = (Tensor) call.arguments()[3];
          float first = memory.floats(y.buffer(), (int) y.offset() + 1)[(int) y.offset()];
          memory.fill(y.buffer(), y.offset(), 1, first + 0x1p-11f);
          return result;
        });
  }

  @Test
  void aBufferLeftOpenIsFound() {
    CheckResult result =
        check(
            "srelu",
            call -> {
              memory.allocate(ElementType.INT32, 1);
              return call.proceed(call.arguments());
            });
    assertTrue(result.problem().contains("left 1 buffers open"), result.problem());
  }

  @Test
  void anExceptionIsAFailureWithItsMessage() {
    CheckResult result =
        check(
            "dropout",
            call -> {
              throw new UnsupportedOperationException("not built yet");
            });
    assertTrue(result.problem().contains("not built yet"), result.problem());
  }

  private void assertFails(String operation, Interceptor mistake) {
    assertFalse(check(operation, mistake).passed());
  }

  /** Returns the first failure among the cases of an operation. */
  private CheckResult check(String operation, Interceptor mistake) {
    Backend broken =
        InterceptedBackend.of(
            base,
            call ->
                call.method().getName().equals(operation)
                    ? mistake.intercept(call)
                    : call.proceed(call.arguments()));
    List<CheckResult> failures =
        OperationCatalogue.small().stream()
            .filter(operationCase -> operationCase.operation().equals(operation))
            .map(operationCase -> Conformance.check(broken, oracle, operationCase))
            .filter(result -> !result.passed())
            .toList();
    assertFalse(failures.isEmpty(), "the mistake in " + operation + " was not found");
    return failures.get(failures.size() / 2);
  }

  private static Object with(Call call, int index, Object argument) {
    Object[] changed = call.arguments().clone();
    changed[index] = argument;
    return call.proceed(changed);
  }

  private static Tensor wider(Tensor tensor) {
    return new Tensor(
        tensor.buffer(),
        tensor.offset(),
        tensor.rows(),
        Math.min(tensor.positions() + 1, tensor.stride()),
        tensor.stride());
  }
}
