/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

/**
 * How a network does on labelled samples.
 *
 * @param samples how many there were
 * @param loss mean loss
 * @param accuracy share of samples whose largest output is the label, in [0, 1]
 * @param topFive share of samples whose label is among the five largest outputs, in [0, 1]; NaN if
 *     there are five outputs or fewer, or nobody counted
 */
public record Evaluation(long samples, double loss, double accuracy, double topFive) {}
