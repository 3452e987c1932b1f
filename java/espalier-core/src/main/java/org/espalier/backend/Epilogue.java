/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.tensor.Tensor;

/**
 * What a product does to its result while the rows are still in the cache, instead of a pass of its
 * own over them.
 *
 * @param kind what is done
 * @param activation the function; null for NONE
 * @param output for GRADIENT the output of the activation in the forward pass, of the shape of the
 *     product's result; otherwise null
 */
public record Epilogue(Kind kind, Activation activation, Tensor output) {

  /** What is done. */
  public enum Kind {
    /** Nothing. */
    NONE,
    /** {@code Y = f(product)}: a layer's activation, in its forward product. */
    ACTIVATE,
    /**
     * {@code dX = product * f'}: the gradient of the activation before a layer, in the product that
     * computes the layer's input gradient.
     */
    GRADIENT
  }

  /** Leaves the result as it is. */
  public static final Epilogue NONE = new Epilogue(Kind.NONE, null, null);

  /** Sets what is below 0 to 0. */
  public static final Epilogue RELU = activate(Activation.RELU);

  /** Checks that the derivative can be had. */
  public Epilogue {
    if (kind == Kind.GRADIENT && !activation.derivativeFromOutput()) {
      throw new IllegalArgumentException(
          "the derivative of " + activation + " cannot be read off its output");
    }
  }

  /** Tells whether what is below 0 becomes 0. */
  public boolean isRelu() {
    return kind == Kind.ACTIVATE && activation.equals(Activation.RELU);
  }

  /** Returns {@code Y = f(product)}. */
  public static Epilogue activate(Activation activation) {
    return new Epilogue(Kind.ACTIVATE, activation, null);
  }

  /**
   * Returns {@code dX = product * f'}.
   *
   * @param activation one whose {@link Activation#derivativeFromOutput}
   * @param output the activation's output
   */
  public static Epilogue gradient(Activation activation, Tensor output) {
    return new Epilogue(Kind.GRADIENT, activation, output);
  }
}
