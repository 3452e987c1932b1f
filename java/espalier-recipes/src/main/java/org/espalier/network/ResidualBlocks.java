/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

/** The blocks of residual networks that normalise after each convolution, and their strides. */
final class ResidualBlocks {

  private ResidualBlocks() {}

  /** Returns the stride of a block: stages after the first begin by halving the image. */
  static int stride(int stage, int block) {
    return stage > 0 && block == 0 ? 2 : 1;
  }

  /** Adds a block of two 3x3 convolutions. */
  static void basic(Layers layers, int outputs, int stride) {
    Layers body = layers.branch().convolution(outputs, 3, stride).norm().relu();
    layers.residual(body.convolution(outputs, 3, 1).norm(), stride);
  }

  /**
   * Adds a block of a 1x1, a 3x3 and a 1x1 convolution; the second has the stride ("v1.5").
   *
   * @param inside channels of the first two
   */
  static void bottleneck(Layers layers, int inside, int outputs, int stride) {
    Layers body = layers.branch().convolution(inside, 1, 1).norm().relu();
    body.convolution(inside, 3, stride).norm().relu();
    layers.residual(body.convolution(outputs, 1, 1).norm(), stride);
  }
}
