/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** A tensor of images in an operation; set again for each, so that nothing is allocated. */
public final class ImageRows {

  private float[] data;
  private int start;
  private int stride;
  private int images;
  private ImageGrid grid;

  /** Takes a tensor. */
  public void set(Tensor tensor, ImageGrid ofTensor) {
    data = HostBuffer.floats(tensor.buffer());
    start = HostBuffer.start(tensor);
    stride = tensor.stride();
    images = ofTensor.images(tensor);
    grid = ofTensor;
  }

  /** Forgets the memory, which its owner may want to give back. */
  public void release() {
    data = null;
  }

  /** Returns the memory. */
  public float[] data() {
    return data;
  }

  /** Returns how the images lie in it. */
  public ImageGrid grid() {
    return grid;
  }

  /** Returns the number of images in a row. */
  public int images() {
    return images;
  }

  /** Returns where the first pixel of an image is. */
  public int image(int row, int image) {
    return start + row * stride + image * grid.positionsOfImage();
  }

  /** Clears what of an image is no pixel and, after the last image, the row up to its stride. */
  public void clearAround(int row, int image) {
    int from = grid.positions(image);
    int to = from + grid.positionsOfImage();
    Halo.clear(data, start + row * stride, from, to, grid.positions(images), stride, grid);
  }
}
