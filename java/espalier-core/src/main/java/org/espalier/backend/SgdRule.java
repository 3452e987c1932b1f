/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

/**
 * The constants of momentum SGD; {@link UpdateOps#sgd} gives the formula.
 *
 * @param momentum factor of the velocity, 0 for none
 * @param nesterov whether the step looks ahead by one momentum step
 * @param weightDecay L2 coefficient, added to the gradient as {@code weightDecay * w}
 */
public record SgdRule(float momentum, boolean nesterov, float weightDecay) {}
