/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** Whole pictures by number, for {@link ImagePasses}; read from several threads at once. */
public interface PixelSource {

  /**
   * Returns a new picture, which the caller may change.
   *
   * @param decoder of the calling thread
   * @throws org.espalier.UserException if it cannot be had
   */
  PixelImage load(int sample, ImageDecoder decoder);
}
