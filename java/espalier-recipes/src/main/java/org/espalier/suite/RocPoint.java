/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * What a threshold lets through.
 *
 * @param fpr share of the samples from elsewhere
 * @param tpr share of the test samples
 */
public record RocPoint(double fpr, double tpr) {}
