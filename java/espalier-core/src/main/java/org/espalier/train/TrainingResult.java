/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

/**
 * How a run ended.
 *
 * @param epochs epochs done, those before a resumption included
 * @param steps steps done, likewise
 * @param test the last evaluation, that of the network as it is now unless the run was cancelled;
 *     null if it was cancelled before any evaluation since it was started or resumed
 * @param bestTestAccuracy best over all evaluated epochs
 * @param bestEpoch epoch of the best, from 1
 * @param samples training samples seen
 * @param flops floating-point operations of all layers with weights in training steps and topology
 *     updates, by count
 * @param seconds where time went, over all resumptions
 * @param cancelled whether the run was stopped before its end
 */
public record TrainingResult(
    int epochs,
    long steps,
    Evaluation test,
    double bestTestAccuracy,
    int bestEpoch,
    long samples,
    double flops,
    TrainingListener.Seconds seconds,
    boolean cancelled) {}
