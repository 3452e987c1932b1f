/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * Samples whose confidence lies in one interval.
 *
 * @param count how many
 * @param confidence their mean confidence, NaN if there are none
 * @param accuracy share of them classified correctly, NaN if there are none
 */
public record ReliabilityBin(int count, double confidence, double accuracy) {}
