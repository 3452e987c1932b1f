/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.backend.portable.RowArrays.FIRST;

import java.util.Arrays;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/** Puts the row arrays of a product where its result belongs, by way of its epilogue. */
final class RowDelivery {

  private final float[][] gates;

  RowDelivery(Team team) {
    gates = new float[team.threads()][];
    Arrays.setAll(gates, i -> RowArrays.row(RowArrays.WIDEST));
  }

  /**
   * Finishes positions {@code from} to {@code from + width} of a row; the row array is spoilt.
   *
   * @param y the product's result
   */
  void deliver(
      Epilogue epilogue, float[] values, Tensor y, int row, int from, int width, int worker) {
    switch (epilogue.kind()) {
      case ACTIVATE -> RowActivation.activate(epilogue.activation(), values, width);
      case GRADIENT -> {
        float[] gate = gates[worker];
        copyOut(epilogue.output(), row, from, gate, width);
        RowActivation.gradient(epilogue.activation(), gate, values, width);
      }
      default -> {}
    }
    copyIn(values, y, row, from, width);
  }

  /** Copies a stretch of a tensor's row to a row array. */
  static void copyOut(Tensor x, int row, int from, float[] values, int width) {
    int at = start(x) + row * x.stride() + from;
    System.arraycopy(floats(x.buffer()), at, values, FIRST, width);
  }

  /** Copies a row array to a stretch of a tensor's row. */
  static void copyIn(float[] values, Tensor y, int row, int from, int width) {
    int at = start(y) + row * y.stride() + from;
    System.arraycopy(values, FIRST, floats(y.buffer()), at, width);
  }
}
