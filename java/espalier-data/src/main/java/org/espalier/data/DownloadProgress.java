/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

/** Is told how a download gets on. Called from the thread that opens the data set. */
@FunctionalInterface
public interface DownloadProgress {

  /** Shows nothing. */
  DownloadProgress NONE = (file, received, total) -> {};

  /**
   * Called when a file starts (nothing received), as it comes in, and when it is complete (all
   * received).
   *
   * @param file name of the file
   * @param received bytes received so far
   * @param total bytes of the file, or -1 if the server does not say
   */
  void update(String file, long received, long total);
}
