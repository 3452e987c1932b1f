/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

/** The loss became NaN or infinite; the message says where. */
public final class DivergenceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DivergenceException(int epoch, long step, double loss, String where) {
    super(
        "The loss became %s in epoch %d, step %d (%s); a lower learning rate or gradient clipping may help."
            .formatted(loss, epoch, step, where));
  }
}
