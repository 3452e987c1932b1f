/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/**
 * The epilogue of a product: run by each part on the rows it has just written, which the nearest
 * cache still holds.
 */
final class RowEpilogue {

  /** Rows between two epilogues: half a first-level cache full. */
  static final int ROWS = 32;

  private Epilogue epilogue;
  private float[] result;
  private int resultStart;
  private int resultStride;
  private float[] output;
  private int outputStart;
  private int outputStride;
  private int vectors;

  /** Takes up the epilogue of a product that writes this tensor. */
  void open(Epilogue of, Tensor y) {
    epilogue = of;
    result = floats(y.buffer());
    resultStart = start(y);
    resultStride = y.stride();
    vectors = Lanes.vectors(y);
    Tensor gate = of.output();
    if (gate != null) {
      Lanes.vectors(gate, y);
      output = floats(gate.buffer());
      outputStart = start(gate);
      outputStride = gate.stride();
    }
  }

  /** Lets go of the tensors. */
  void close() {
    epilogue = null;
    result = null;
    output = null;
  }

  /** Does vectors {@code v0} to {@code v1} of rows {@code r0} to {@code r1}. */
  void rows(int r0, int r1, int v0, int v1) {
    if (epilogue.kind() == Epilogue.Kind.NONE || r0 >= r1) {
      return;
    }
    int whole = vectors * Lanes.L;
    boolean line =
        v1 - v0 == vectors && resultStride == whole && (output == null || outputStride == whole);
    if (line) {
      span(r0, 0, (r1 - r0) * whole);
      return;
    }
    for (int r = r0; r < r1; r++) {
      span(r, v0 * Lanes.L, (v1 - v0) * Lanes.L);
    }
  }

  private void span(int row, int from, int count) {
    int at = resultStart + row * resultStride + from;
    if (epilogue.kind() == Epilogue.Kind.ACTIVATE) {
      ActivateKernel.span(epilogue.activation(), result, at, result, at, count);
    } else {
      int gate = outputStart + row * outputStride + from;
      ActivateGradientKernel.span(
          epilogue.activation(), output, gate, result, at, result, at, count);
    }
  }
}
