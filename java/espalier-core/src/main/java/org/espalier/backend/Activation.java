/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * An element-wise activation without learned parameters.
 *
 * @param kind the function
 * @param slope factor for negative inputs of LEAKY_RELU (any sign), otherwise 0
 */
public record Activation(Kind kind, float slope) {

  /** The functions. */
  public enum Kind {
    /** {@code max(x, 0)}. */
    RELU,
    /** {@code x} for x above 0, {@code slope * x} otherwise. */
    LEAKY_RELU,
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID,
    /** Hyperbolic tangent. */
    TANH
  }

  /** Rectified linear unit. */
  public static final Activation RELU = new Activation(Kind.RELU, 0);

  /** Logistic function. */
  public static final Activation SIGMOID = new Activation(Kind.SIGMOID, 0);

  /** Hyperbolic tangent. */
  public static final Activation TANH = new Activation(Kind.TANH, 0);

  /** Returns leaky ReLU. */
  public static Activation leakyRelu(float slope) {
    return new Activation(Kind.LEAKY_RELU, slope);
  }

  /**
   * Returns All-ReLU for a hidden layer: a leaky ReLU whose negative slope alternates in sign,
   * minus on even layers (Curci, Mocanu, Pechenizkiy: Truly sparse neural networks at scale, 2021,
   * eq. 3).
   *
   * @param hiddenLayer counted from 0
   */
  public static Activation allRelu(float slope, int hiddenLayer) {
    return leakyRelu(hiddenLayer % 2 == 0 ? -slope : slope);
  }

  /**
   * Tells whether the derivative can be read off the output, so that the input may be overwritten.
   */
  public boolean derivativeFromOutput() {
    return kind != Kind.LEAKY_RELU || slope > 0;
  }
}
