/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * How well samples of one set are told from test samples.
 *
 * @param name of the set
 * @param samples on each side
 * @param meanInside mean largest probability of the test samples
 * @param meanOutside the same of the others
 * @param maxSoftmax by the largest probability
 * @param energy by the negative energy, {@code log sum exp} of the logits
 */
public record OodSet(
    String name,
    int samples,
    double meanInside,
    double meanOutside,
    Detection maxSoftmax,
    Detection energy) {}
