/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import java.util.Arrays;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** What a weight gradient of a dense layer reads and writes. */
final class GemmGradientOperands {

  private int rows;
  private int columns;
  private int positions;
  private int vectors;
  private int[] reads = new int[0];
  private float[] in;
  private int inStart;
  private float[] dOut;
  private int dOutStart;
  private int dOutStride;
  private float[] gradients;

  /**
   * Takes up the operands of a product. Without positions the gradient is zero at once.
   *
   * @param gradient rows of dy by what the taps read of x, row-major
   * @param multiple what {@link #reads} is filled up to a multiple of
   * @return whether there is anything left to do
   */
  boolean open(Taps taps, Tensor x, Tensor dy, DeviceBuffer gradient, int multiple) {
    vectors = Lanes.vectors(x, dy);
    rows = dy.rows();
    columns = x.rows() / taps.phases().size() * taps.count();
    positions = dy.positions();
    gradients = floats(gradient);
    if (positions == 0) {
      Arrays.fill(gradients, BASE, BASE + rows * columns, 0);
    }
    if (positions == 0 || rows == 0 || columns == 0) {
      return false;
    }
    int filled = (columns + multiple - 1) / multiple * multiple;
    if (reads.length < filled) {
      reads = new int[filled];
    }
    taps.fillOffsets(columns / taps.count(), x.stride(), reads);
    Arrays.fill(reads, columns, filled, reads[columns - 1]);
    in = floats(x.buffer());
    inStart = start(x);
    dOut = floats(dy.buffer());
    dOutStart = start(dy);
    dOutStride = dy.stride();
    return true;
  }

  /** Lets go of the operands. */
  void close() {
    in = null;
    dOut = null;
    gradients = null;
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  int positions() {
    return positions;
  }

  /** Returns how many vectors hold a row's positions. */
  int vectors() {
    return vectors;
  }

  /** Returns how many vectors are multiplied. */
  long work() {
    return (long) rows * columns * vectors;
  }

  float[] in() {
    return in;
  }

  int inStart() {
    return inStart;
  }

  /**
   * Returns where each column reads, from the start of X; behind them the last is repeated, for
   * tiles at the edge.
   */
  int[] reads() {
    return reads;
  }

  float[] dOut() {
    return dOut;
  }

  int dOutStride() {
    return dOutStride;
  }

  /** Returns where a row of dY is. */
  int dOutStart(int row) {
    return dOutStart + row * dOutStride;
  }

  float[] gradients() {
    return gradients;
  }

  /** Returns where a number of the gradient belongs. */
  int gradient(int row, int column) {
    return BASE + row * columns + column;
  }
}
