/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * Among which kernels a backend chooses, where it has several for one operation. Backends that have
 * only one pay no attention.
 *
 * @param precision how numbers may be rounded inside a product
 * @param tune whether the choice is made by measuring, once for each shape, instead of by rules;
 *     what was found is kept on this machine, so that later runs choose the same
 */
public record KernelPolicy(Precision precision, boolean tune) {

  /** How numbers may be rounded inside a product. */
  public enum Precision {
    /** Single precision throughout. */
    FP32_EXACT,
    /**
     * Factors of a product may be rounded to the 11 significant bits of tf32, which tensor cores
     * multiply.
     */
    TF32,
    /**
     * The dense operands of a sparse product, activations and their gradients, may be read rounded
     * to bfloat16: to the nearest number of 8 significant bits, the even one of two, so off by 2^-8
     * of itself at most. Weights, sums, results, the gradient of the bias and the optimizer stay in
     * single precision.
     */
    BF16
  }

  /** Exact, and measured. */
  public static final KernelPolicy DEFAULT = new KernelPolicy(Precision.FP32_EXACT, true);
}
