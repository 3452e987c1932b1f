/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/** Is told how far a suite is. */
@FunctionalInterface
public interface SuiteProgress {

  /**
   * Called often.
   *
   * @param stage what is being done, in a few words
   * @param done samples done, up to {@code total}
   */
  void update(String stage, long done, long total);
}
