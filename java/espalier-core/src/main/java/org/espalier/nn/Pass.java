/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

/**
 * What a layer must know about a forward pass.
 *
 * @param training whether dropout and the like are active
 * @param key random choices of this pass derive from it; not read when not training
 */
public record Pass(boolean training, long key) {

  /** A pass that only predicts. */
  public static final Pass PREDICT = new Pass(false, 0);

  /** Returns a training pass. */
  public static Pass training(long key) {
    return new Pass(true, key);
  }
}
