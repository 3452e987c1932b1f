/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.host.Halo;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** A tensor of images, pixel by pixel. */
record PixelAccess(Tensor tensor, ImageGrid grid) {

  /** What is done at a pixel. */
  @FunctionalInterface
  interface Visitor {

    void visit(int row, int image, int y, int x);
  }

  /** What a pixel becomes. */
  @FunctionalInterface
  interface Value {

    double at(int row, int image, int y, int x);
  }

  /** Returns a pixel; 0 outside the image. */
  double get(int row, int image, int y, int x) {
    return inside(y, x) ? floats(tensor.buffer())[index(row, image, y, x)] : 0;
  }

  boolean inside(int y, int x) {
    return y >= 0 && y < grid.height() && x >= 0 && x < grid.width();
  }

  void set(int row, int image, int y, int x, double value) {
    floats(tensor.buffer())[index(row, image, y, x)] = (float) value;
  }

  private int index(int row, int image, int y, int x) {
    int position = (image * grid.lines() + y) * grid.pitch() + x;
    return start(tensor) + row * tensor.stride() + position;
  }

  /** Visits all pixels in the order of memory. */
  void each(Visitor visitor) {
    for (int row = 0; row < tensor.rows(); row++) {
      eachOf(row, visitor);
    }
  }

  /** Visits the pixels of one row. */
  void eachOf(int row, Visitor visitor) {
    for (int image = 0; image < grid.images(tensor); image++) {
      for (int y = 0; y < grid.height(); y++) {
        for (int x = 0; x < grid.width(); x++) {
          visitor.visit(row, image, y, x);
        }
      }
    }
  }

  /** Overwrites whole rows: pixels with a value, everything else with 0. */
  void write(Value value) {
    each((row, image, y, x) -> set(row, image, y, x, value.at(row, image, y, x)));
    Halo.clear(tensor, grid);
  }

  /** Returns the number of pixels of a row. */
  int pixels() {
    return grid.images(tensor) * grid.pixels();
  }
}
