/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.Activation;
import org.espalier.backend.Dropout;
import org.espalier.backend.RowOps;
import org.espalier.backend.SampleReader;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Row-wise operations, one element at a time. */
final class ScalarRowOps implements RowOps {

  /** Features of a sample read at a time: their rows of X stay in the cache. */
  private static final int GATHERED = 64;

  @Override
  public void gather(SampleReader samples, DeviceBuffer scaling, Tensor x) {
    float[] values = new float[GATHERED];
    for (int first = 0; first < x.rows(); first += GATHERED) {
      int end = Math.min(first + GATHERED, x.rows());
      for (int p = 0; p < x.positions(); p++) {
        samples.read(p, first, end, values, 0);
        for (int f = first; f < end; f++) {
          double value = values[f - first];
          if (scaling != null) {
            value = floats(scaling)[BASE + f] * value + floats(scaling)[BASE + x.rows() + f];
          }
          set(x, f, p, value);
        }
      }
    }
  }

  @Override
  public void rowSums(Tensor dy, DeviceBuffer sums) {
    for (int r = 0; r < dy.rows(); r++) {
      double sum = 0;
      for (int p = 0; p < dy.positions(); p++) {
        sum += get(dy, r, p);
      }
      floats(sums)[BASE + r] = (float) sum;
    }
  }

  @Override
  public void activate(Activation activation, Tensor x, Tensor y) {
    for (int r = 0; r < x.rows(); r++) {
      for (int p = 0; p < x.positions(); p++) {
        double in = get(x, r, p);
        double out =
            switch (activation.kind()) {
              case RELU -> Math.max(in, 0);
              case LEAKY_RELU -> in > 0 ? in : activation.slope() * in;
              case SIGMOID -> 1 / (1 + Math.exp(-in));
              case TANH -> Math.tanh(in);
            };
        set(y, r, p, out);
      }
    }
  }

  @Override
  public void activateGradient(Activation activation, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    for (int r = 0; r < dy.rows(); r++) {
      for (int p = 0; p < dy.positions(); p++) {
        double derivative =
            switch (activation.kind()) {
              case RELU -> get(x, r, p) > 0 ? 1 : 0;
              case LEAKY_RELU -> get(x, r, p) > 0 ? 1 : activation.slope();
              case SIGMOID -> get(y, r, p) * (1 - get(y, r, p));
              case TANH -> 1 - get(y, r, p) * get(y, r, p);
            };
        set(dx, r, p, derivative * get(dy, r, p));
      }
    }
  }

  @Override
  public void srelu(DeviceBuffer parameters, Tensor x, Tensor y) {
    for (int r = 0; r < x.rows(); r++) {
      Knees knees = Knees.of(parameters, r, x.rows());
      for (int p = 0; p < x.positions(); p++) {
        double in = get(x, r, p);
        double out = in;
        if (in < knees.left) {
          out = knees.left + knees.slopeLeft * (in - knees.left);
        } else if (in > knees.right()) {
          out = knees.right() + knees.slopeRight * (in - knees.right());
        }
        set(y, r, p, out);
      }
    }
  }

  @Override
  public void sreluGradient(
      DeviceBuffer parameters, Tensor x, Tensor dy, Tensor dx, DeviceBuffer gradient) {
    int rows = x.rows();
    for (int r = 0; r < rows; r++) {
      Knees knees = Knees.of(parameters, r, rows);
      double dLeft = 0;
      double dSlopeLeft = 0;
      double dRight = 0;
      double dSlopeRight = 0;
      for (int p = 0; p < x.positions(); p++) {
        double in = get(x, r, p);
        double d = get(dy, r, p);
        double derivative = 1;
        if (in < knees.left) {
          derivative = knees.slopeLeft;
          dLeft += d * (1 - knees.slopeLeft);
          dSlopeLeft += d * (in - knees.left);
        } else if (in > knees.right()) {
          derivative = knees.slopeRight;
          dRight += d * (1 - knees.slopeRight);
          dSlopeRight += d * (in - knees.right());
        }
        set(dx, r, p, derivative * d);
      }
      float[] g = floats(gradient);
      g[BASE + r] = (float) (dLeft + dRight);
      g[BASE + rows + r] = (float) dSlopeLeft;
      g[BASE + 2 * rows + r] = (float) (dRight * (knees.width < 0 ? -1 : 1));
      g[BASE + 3 * rows + r] = (float) dSlopeRight;
    }
  }

  private record Knees(double left, double slopeLeft, double width, double slopeRight) {

    static Knees of(DeviceBuffer parameters, int row, int rows) {
      float[] p = floats(parameters);
      return new Knees(
          p[BASE + row], p[BASE + rows + row], p[BASE + 2 * rows + row], p[BASE + 3 * rows + row]);
    }

    double right() {
      return left + Math.abs(width);
    }
  }

  @Override
  public void dropout(Dropout dropout, Tensor x, Tensor y) {
    for (int r = 0; r < x.rows(); r++) {
      for (int p = 0; p < x.positions(); p++) {
        set(y, r, p, dropout.keeps(r, p) ? (double) get(x, r, p) * dropout.scale() : 0);
      }
    }
  }

  private static float get(Tensor tensor, int row, int position) {
    return floats(tensor.buffer())[start(tensor) + row * tensor.stride() + position];
  }

  private static void set(Tensor tensor, int row, int position, double value) {
    floats(tensor.buffer())[start(tensor) + row * tensor.stride() + position] = (float) value;
  }
}
