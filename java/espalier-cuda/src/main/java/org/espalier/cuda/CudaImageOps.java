/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.UserException;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Normalization;
import org.espalier.backend.RowOps;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Operations on images as commands; the native library compares the shapes. */
final class CudaImageOps implements ImageOps {

  private final Encoder encoder;
  private final RowOps rows;

  CudaImageOps(Encoder encoder, RowOps rows) {
    this.encoder = encoder;
    this.rows = rows;
  }

  @Override
  public void toImages(Tensor features, Tensor images, ImageGrid grid) {
    encoder.begin(Opcode.TO_IMAGES).rows(features).images(images, grid).end();
  }

  @Override
  public void toFeatures(Tensor images, ImageGrid grid, Tensor features) {
    encoder.begin(Opcode.TO_FEATURES).images(images, grid).rows(features).end();
  }

  @Override
  public void copy(Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    encoder.begin(Opcode.COPY_IMAGES).images(x, from).images(y, to).end();
  }

  @Override
  public void add(
      Tensor a, ImageGrid ofA, Tensor b, ImageGrid ofB, Epilogue epilogue, Tensor y, ImageGrid to) {
    encoder
        .begin(Opcode.ADD_IMAGES)
        .images(a, ofA)
        .images(b, ofB)
        .put(epilogue.isRelu() ? 1L : 0L)
        .images(y, to)
        .end();
    if (!epilogue.isRelu()) {
      rows.finish(epilogue, y);
    }
  }

  @Override
  public void split(Tensor x, ImageGrid from, int stride, Taps taps, Tensor y) {
    encoder.begin(Opcode.SPLIT).images(x, from);
    phases(stride, taps).images(y, taps.input()).end();
  }

  @Override
  public void join(Tensor y, Taps taps, int stride, Tensor x, ImageGrid to) {
    encoder.begin(Opcode.JOIN).images(y, taps.input());
    phases(stride, taps).images(x, to).end();
  }

  /**
   * Puts a stride and two sets of bits: the first lines and the first columns of phases. A kernel
   * is a rectangle, so there is a phase for each pair of these, in their order.
   */
  private Encoder phases(int stride, Taps taps) {
    if (stride > Long.SIZE) {
      throw new UserException(
          "A stride of %d pixels is more than the CUDA backend can split images by; expected %d at most."
              .formatted(stride, Long.SIZE));
    }
    long lines = 0;
    long columns = 0;
    for (Taps.Phase phase : taps.phases()) {
      lines |= 1L << phase.y();
      columns |= 1L << phase.x();
    }
    return encoder.put((long) stride).put(lines).put(columns);
  }

  @Override
  public void maxPool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    encoder.begin(Opcode.MAX_POOL).window(window).images(x, from).images(y, to).end();
  }

  @Override
  public void maxPoolGradient(
      Kernel window, Tensor x, ImageGrid from, Tensor dy, ImageGrid to, Tensor dx) {
    encoder
        .begin(Opcode.MAX_POOL_GRADIENT)
        .window(window)
        .images(x, from)
        .images(dy, to)
        .images(dx, from)
        .end();
  }

  @Override
  public void averagePool(Kernel window, Tensor x, ImageGrid from, Tensor y, ImageGrid to) {
    encoder.begin(Opcode.AVERAGE_POOL).window(window).images(x, from).images(y, to).end();
  }

  @Override
  public void averagePoolGradient(
      Kernel window, Tensor dy, ImageGrid to, Tensor dx, ImageGrid from) {
    encoder
        .begin(Opcode.AVERAGE_POOL_GRADIENT)
        .window(window)
        .images(dy, to)
        .images(dx, from)
        .end();
  }

  @Override
  public void normalize(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    encoder
        .begin(Opcode.NORMALIZE)
        .put(rule.epsilon())
        .put(rule.momentum())
        .floats(parameters, 2L * x.rows())
        .floats(running, 2L * x.rows())
        .floats(saved, 2L * x.rows())
        .images(x, from)
        .put(relu ? 1L : 0L)
        .images(y, to)
        .end();
  }

  @Override
  public void normalizeFixed(
      Normalization rule,
      DeviceBuffer parameters,
      DeviceBuffer running,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor y,
      ImageGrid to) {
    encoder
        .begin(Opcode.NORMALIZE_FIXED)
        .put(rule.epsilon())
        .floats(parameters, 2L * x.rows())
        .floats(running, 2L * x.rows())
        .images(x, from)
        .put(relu ? 1L : 0L)
        .images(y, to)
        .end();
  }

  @Override
  public void normalizeGradient(
      DeviceBuffer parameters,
      DeviceBuffer saved,
      Tensor x,
      ImageGrid from,
      boolean relu,
      Tensor dy,
      ImageGrid to,
      Tensor dx,
      DeviceBuffer gradient) {
    encoder
        .begin(Opcode.NORMALIZE_GRADIENT)
        .floats(parameters, 2L * x.rows())
        .floats(saved, 2L * x.rows())
        .images(x, from)
        .put(relu ? 1L : 0L)
        .images(dy, to)
        .images(dx, from)
        .floats(gradient, 2L * x.rows())
        .end();
  }
}
