/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** Makes the samples of a pass; for one thread, which closes it. */
public interface SampleMaker extends AutoCloseable {

  /**
   * Returns all features of a sample, one unsigned byte each. They depend on the pass and the
   * sample alone.
   *
   * @throws org.espalier.UserException if the sample cannot be had
   */
  byte[] make(int sample);

  @Override
  void close();
}
