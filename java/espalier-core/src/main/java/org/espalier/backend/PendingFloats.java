/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/** Numbers on their way from a device; see {@link Memory#downloadLater}. */
public interface PendingFloats {

  /** Tells whether {@link #get} would return without waiting for the device. */
  boolean ready();

  /** Waits for the numbers and copies all of them to {@code target[from..]}; to be called once. */
  void get(float[] target, int from);
}
