/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.backend.Activation;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.Tensor;

/** The activation that a linear layer applies in its own product, if it has one. */
final class FusedActivation {

  private final Activation activation;
  private final Epilogue forward;
  private Epilogue gradient = Epilogue.NONE;

  /** Fuses an activation whose derivative can be read off its output, or null for none. */
  FusedActivation(Activation activation) {
    this.activation = activation;
    this.forward = activation == null ? Epilogue.NONE : Epilogue.activate(activation);
  }

  /** Returns the epilogue of the product that writes these outputs. */
  Epilogue forward(Tensor outputs) {
    if (activation != null && gradient.output() != outputs) {
      gradient = Epilogue.gradient(activation, outputs);
    }
    return forward;
  }

  /** Returns what the gradient of the last outputs goes through. */
  Epilogue gradient() {
    return gradient;
  }
}
