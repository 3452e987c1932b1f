/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** Makes the samples of a pass; for one thread, which closes it. */
public interface SampleMaker extends AutoCloseable {

  /**
   * Makes a sample. What comes out depends on the pass and the sample alone.
   *
   * @param target gets all features, one unsigned byte each
   * @throws org.espalier.UserException if the sample cannot be had
   */
  void make(int sample, byte[] target);

  @Override
  void close();
}
