/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

/** Is told how the trials go, on the thread that trains; every method may be left out. */
public interface PlasticityListener {

  /**
   * A step of a continuation is done.
   *
   * @param trial which of them is running, from 1
   * @param trials how many there are
   * @param share of this one that is done, in (0, 1]
   */
  default void onStep(int trial, int trials, double share) {}

  /** All trials of a point are done. */
  default void onPoint(PlasticityPoint point) {}
}
