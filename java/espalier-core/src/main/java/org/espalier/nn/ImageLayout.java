/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Taps;
import org.espalier.tensor.ImageGrid;

/**
 * Decides where zeros go between images: a convolution needs them in its input, and its output has
 * them too, whether the next layer needs them or not; other layers write what the next one needs.
 */
final class ImageLayout {

  private ImageLayout() {}

  /**
   * Returns the grid of the output of a layer, or for index -1 of the input of the first.
   *
   * @param layers of a network, or of one way through a residual layer
   * @param end what comes after the last of them needs
   */
  static ImageGrid after(List<LayerPlan> layers, int index, ImageGrid end) {
    if (index + 1 == layers.size()) {
      return end;
    }
    LayerPlan next = layers.get(index + 1);
    ImageGrid none = dense(next.in());
    if (none == null) {
      return null;
    }
    if (next.spec() instanceof LayerSpec.Convolution convolution) {
      boolean whole = convolution.kernel().stride() == 1;
      return whole ? taps(layers, index + 1, none, end).input() : none;
    }
    if (next.spec() instanceof LayerSpec.Residual) {
      ImageGrid after = after(layers, index + 1, end);
      ImageGrid body = after(next.body(), -1, after);
      ImageGrid shortcut = next.shortcut().isEmpty() ? none : after(next.shortcut(), -1, after);
      return body.widened(shortcut.lines(), shortcut.pitch());
    }
    return isElementwise(next) ? after(layers, index + 1, end) : none;
  }

  private static boolean isElementwise(LayerPlan plan) {
    return plan.spec() instanceof LayerSpec.Act || plan.spec() instanceof LayerSpec.Drop;
  }

  /**
   * Returns the taps of the convolution at this index.
   *
   * @param in grid of its input
   */
  static Taps taps(List<LayerPlan> layers, int index, ImageGrid in, ImageGrid end) {
    LayerPlan plan = layers.get(index);
    Kernel kernel = ((LayerSpec.Convolution) plan.spec()).kernel();
    ImageGrid wanted = after(layers, index, end);
    boolean whole = kernel.stride() == 1; // otherwise the input is split first
    return Taps.of(
        kernel,
        plan.in().height(),
        plan.in().width(),
        whole ? Math.max(wanted.lines(), in.lines()) : wanted.lines(),
        whole ? Math.max(wanted.pitch(), in.pitch()) : wanted.pitch());
  }

  /**
   * Returns the grid that a layer writes, or null if it makes features.
   *
   * @param in grid of its input, or null
   */
  static ImageGrid output(List<LayerPlan> layers, int index, ImageGrid in, ImageGrid end) {
    LayerPlan plan = layers.get(index);
    if (plan.spec() instanceof LayerSpec.Convolution) {
      return taps(layers, index, in, end).output();
    }
    return isElementwise(plan) ? in : after(layers, index, end);
  }

  /** Returns the grid without zeros, or null for features. */
  static ImageGrid dense(SampleShape shape) {
    return shape.isImages() ? ImageGrid.dense(shape.height(), shape.width()) : null;
  }
}
