/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * How a network does under one attack.
 *
 * @param attack {@code clean}, {@code fgsm} or {@code pgd}
 * @param eps how far a feature may move, as a share of its range; 0 if clean
 * @param step length of a step, likewise
 * @param accuracy share of the changed samples classified correctly
 * @param loss their mean loss
 */
public record AttackPoint(String attack, double eps, double step, double accuracy, double loss) {}
