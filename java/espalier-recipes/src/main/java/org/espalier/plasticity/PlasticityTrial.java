/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

/**
 * What came of pruning in one way at one point.
 *
 * @param remove share of the connections that was asked to be pruned
 * @param method how
 * @param pruned connections of all sparse layers that were removed
 * @param grown connections that were regenerated
 * @param connections how many there were afterwards
 * @param accuracyPruned on the test samples right after that
 * @param accuracy after training went on; NaN if it diverged
 * @param plasticity {@code accuracy} less the accuracy before pruning
 */
public record PlasticityTrial(
    double remove,
    PruningMethod method,
    long pruned,
    long grown,
    long connections,
    double accuracyPruned,
    double accuracy,
    double plasticity) {}
