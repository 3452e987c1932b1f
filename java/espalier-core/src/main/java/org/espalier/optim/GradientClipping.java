/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import java.util.List;
import org.espalier.backend.UpdateOps;
import org.espalier.nn.Parameter;

/** Scales all gradients together when their norm is too large. */
public final class GradientClipping {

  private GradientClipping() {}

  /**
   * Returns the factor that brings the norm of all gradients down to {@code maxNorm}; 1 if it is
   * below already or {@code maxNorm} is 0, which means no clipping.
   */
  public static double scale(UpdateOps ops, List<Parameter> parameters, double maxNorm) {
    if (maxNorm == 0) {
      return 1;
    }
    double squares = 0;
    for (Parameter parameter : parameters) {
      squares += ops.sumOfSquares(parameter.gradient(), parameter.size());
    }
    double norm = Math.sqrt(squares);
    return norm > maxNorm ? maxNorm / norm : 1;
  }
}
