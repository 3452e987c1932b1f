/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;
import static org.espalier.backend.portable.RowArrays.FROM;
import static org.espalier.backend.portable.RowArrays.end;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/**
 * SReLU of one row.
 *
 * @param row which one
 * @param rows how many there are
 * @param left the left knee
 * @param slopeLeft the slope below it
 * @param width the distance of the right knee, with a sign that does not count
 * @param slopeRight the slope above the right knee
 */
record Srelu(int row, int rows, float left, float slopeLeft, float width, float slopeRight) {

  /** Picks the numbers of a row out of all. */
  static Srelu of(DeviceBuffer parameters, int row, int rows) {
    float[] p = floats(parameters);
    int at = BASE + row;
    return new Srelu(row, rows, p[at], p[at + rows], p[at + 2 * rows], p[at + 3 * rows]);
  }

  private float right() {
    return left + Math.abs(width);
  }

  /** Applies the function to a row array. */
  void activate(float[] values, int count) {
    activate(values, end(count), left, slopeLeft, right(), slopeRight);
  }

  private static void activate(
      float[] x, int end, float left, float slopeLeft, float right, float slopeRight) {
    for (int j = FROM; j < end; j++) {
      float between = Math.min(Math.max(x[j], left), right);
      float below = Math.min(x[j] - left, 0);
      float above = Math.max(x[j] - right, 0);
      x[j] = between + (slopeLeft * below + slopeRight * above);
    }
  }

  /** Computes the input gradient of the row, and those of its four parameters. */
  void gradient(Tensor x, Tensor dy, Tensor dx, float[] gradients) {
    float[] in = floats(x.buffer());
    float[] dOut = floats(dy.buffer());
    float[] dIn = floats(dx.buffer());
    int xo = start(x) + row * x.stride();
    int dyo = start(dy) + row * dy.stride();
    int dxo = start(dx) + row * dx.stride();
    float right = right();
    float dLeft = 0;
    float dSlopeLeft = 0;
    float dRight = 0;
    float dSlopeRight = 0;
    for (int p = 0; p < x.positions(); p++) {
      float v = in[xo + p];
      float d = dOut[dyo + p];
      if (v < left) {
        dLeft += d;
        dSlopeLeft += d * (v - left);
        d *= slopeLeft;
      } else if (v > right) {
        dRight += d;
        dSlopeRight += d * (v - right);
        d *= slopeRight;
      }
      dIn[dxo + p] = d;
    }
    dLeft *= 1 - slopeLeft;
    dRight *= 1 - slopeRight;
    int at = BASE + row;
    gradients[at] = dLeft + dRight;
    gradients[at + rows] = dSlopeLeft;
    gradients[at + 2 * rows] = width < 0 ? -dRight : dRight;
    gradients[at + 3 * rows] = dSlopeRight;
  }
}
