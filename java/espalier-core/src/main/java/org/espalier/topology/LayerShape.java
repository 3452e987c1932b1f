/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/**
 * The size of a layer that may be sparse; a fully connected layer has no kernel, written as height
 * and width 0.
 *
 * @param name the layer's name, for messages
 * @param outputs output channels
 * @param inputs input channels
 * @param kernelHeight height of the kernel, 0 for a fully connected layer
 * @param kernelWidth width of the kernel, 0 for a fully connected layer
 */
public record LayerShape(String name, int outputs, int inputs, int kernelHeight, int kernelWidth) {

  /** Checks the dimensions. */
  public LayerShape {
    if (outputs < 1
        || inputs < 1
        || kernelHeight < 0
        || (kernelHeight == 0) != (kernelWidth == 0)) {
      throw new IllegalArgumentException(
          "layer %s of shape %d x %d x %d x %d"
              .formatted(name, outputs, inputs, kernelHeight, kernelWidth));
    }
  }

  /** Returns the shape of a fully connected layer. */
  public static LayerShape linear(String name, int outputs, int inputs) {
    return new LayerShape(name, outputs, inputs, 0, 0);
  }

  /** Returns the number of cells, the weights of the dense layer. */
  public long size() {
    return (long) outputs * inputs * Math.max(1, kernelHeight) * Math.max(1, kernelWidth);
  }

  /** Returns how many connections a density means here, to the nearest one. */
  public long connections(double density) {
    return Math.round(density * size());
  }
}
