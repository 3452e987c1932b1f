/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Activation;
import org.espalier.backend.Dropout;
import org.espalier.backend.RowOps;
import org.espalier.backend.SampleReader;
import org.espalier.cuda.CommandQueue.Staged;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Row-wise operations as commands; a batch is staged on the host and transposed on the device. */
final class CudaRowOps implements RowOps {

  /** Bytes of samples staged at a time, if so many positions of a row fill whole lines. */
  private static final long PIECE = 64L << 20;

  private final CommandQueue queue;
  private final Encoder encoder;
  private final BatchStaging staging;

  CudaRowOps(CommandQueue queue, Encoder encoder, BatchStaging staging) {
    this.queue = queue;
    this.encoder = encoder;
    this.staging = staging;
  }

  @Override
  public void gather(SampleReader samples, DeviceBuffer scaling, Tensor x) {
    if (x.rows() == 0) {
      return;
    }
    long lines = PIECE / ((long) Float.BYTES * x.rows()) / Tensor.ROW_ALIGNMENT;
    int piece = (int) Math.min(x.positions(), Math.max(1, lines) * Tensor.ROW_ALIGNMENT);
    for (int first = 0; first < x.positions(); first += piece) {
      int count = Math.min(piece, x.positions() - first);
      Staged staged = queue.stage((long) Float.BYTES * x.rows() * count);
      staging.read(
          samples, first, count, x.rows(), staged.host().floats(), staged.at() / Float.BYTES);
      encoder
          .begin(Opcode.GATHER)
          .put(staged.device())
          .floatsOrNone(scaling, 2L * x.rows())
          .rows(x, first, count)
          .end();
    }
  }

  @Override
  public void rowSums(Tensor dy, DeviceBuffer sums) {
    encoder.begin(Opcode.ROW_SUMS).rows(dy).floats(sums, dy.rows()).end();
  }

  @Override
  public void activate(Activation activation, Tensor x, Tensor y) {
    Encoder.sameShape(x, y);
    encoder.begin(Opcode.ACTIVATE).activation(activation).rows(x).rows(y).end();
  }

  @Override
  public void activateGradient(Activation activation, Tensor x, Tensor y, Tensor dy, Tensor dx) {
    Encoder.sameShape(dy, dx);
    encoder
        .begin(Opcode.ACTIVATE_GRADIENT)
        .activation(activation)
        .rowsOrNone(x)
        .rowsOrNone(y)
        .rows(dy)
        .rows(dx)
        .end();
  }

  @Override
  public void srelu(DeviceBuffer parameters, Tensor x, Tensor y) {
    Encoder.sameShape(x, y);
    encoder.begin(Opcode.SRELU).floats(parameters, 4L * x.rows()).rows(x).rows(y).end();
  }

  @Override
  public void sreluGradient(
      DeviceBuffer parameters, Tensor x, Tensor dy, Tensor dx, DeviceBuffer gradient) {
    Encoder.sameShape(x, dy);
    Encoder.sameShape(dy, dx);
    encoder
        .begin(Opcode.SRELU_GRADIENT)
        .floats(parameters, 4L * x.rows())
        .rows(x)
        .rows(dy)
        .rows(dx)
        .floats(gradient, 4L * x.rows())
        .end();
  }

  @Override
  public void dropout(Dropout dropout, Tensor x, Tensor y) {
    Encoder.sameShape(x, y);
    encoder
        .begin(Opcode.DROPOUT)
        .put((long) dropout.threshold())
        .put(dropout.scale())
        .putVarying(dropout.key())
        .rows(x)
        .rows(y)
        .end();
  }
}
