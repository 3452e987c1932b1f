/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

/** The loss or a parameter became NaN or infinite; the message says where. */
public final class DivergenceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private DivergenceException(String what, int epoch, long step, String where) {
    super(
        "%s in epoch %d, step %d (%s); a lower learning rate or gradient clipping may help."
            .formatted(what, epoch, step, where));
  }

  static DivergenceException ofLoss(double loss, int epoch, long step, String where) {
    return new DivergenceException("The loss became " + loss, epoch, step, where);
  }

  static DivergenceException ofParameter(String name, int epoch, long step) {
    String where = "found in '" + name + "'";
    return new DivergenceException("Parameters became NaN or infinite", epoch, step, where);
  }
}
