/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

/**
 * Floating-point operations of training on one sample. A backward pass costs twice a forward pass:
 * once for the gradient of the activations, once for that of the weights. Counted as Evci et al. do
 * (Rigging the lottery, 2020, appendix H); a method that looks at the gradient of absent
 * connections pays for a dense one.
 *
 * @param dense forward pass with all weights, from {@link LayerWork#denseFlops}
 * @param sparse forward pass with the connections there are, from {@link LayerWork#flops}
 */
public record TrainingFlops(double dense, double sparse) {

  /** Forward, backward to activations, backward to weights. */
  private static final int PASSES = 3;

  /** Returns the operations of training the dense network. */
  public double ofDense() {
    return PASSES * dense;
  }

  /** Returns those of a fixed topology, or one that changes without gradients: SET, DSR, MEST. */
  public double ofSparse() {
    return PASSES * sparse;
  }

  /** Returns those of a method that needs the dense gradient at every step: SNFS. */
  public double ofDenseGradient() {
    return (PASSES - 1) * sparse + dense;
  }

  /**
   * Returns those of a method that needs the dense gradient at its updates: RigL.
   *
   * @param interval steps between two updates
   */
  public double ofDenseGradientEvery(int interval) {
    return (ofSparse() * interval + ofDenseGradient()) / (interval + 1);
  }

  /**
   * Returns those of gradual pruning, the mean over a run: GMP.
   *
   * @param sparse forward pass at equally spaced times of the run
   */
  public static double ofPruning(double[] sparse) {
    double sum = 0;
    for (double at : sparse) {
      sum += PASSES * at;
    }
    return sum / sparse.length;
  }

  /**
   * Returns those of gradual pruning with growth by gradient at every update: GraNet.
   *
   * @param dense forward pass with all weights
   * @param sparse forward pass at equally spaced times of the run
   * @param interval steps between two updates
   */
  public static double ofPruningAndGrowth(double dense, double[] sparse, int interval) {
    double pruning = ofPruning(sparse);
    return pruning + (dense - pruning / PASSES) / interval;
  }
}
