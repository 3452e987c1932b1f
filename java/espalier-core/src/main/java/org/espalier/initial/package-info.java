/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Pruning at initialisation: a network that has all its connections is scored once, before it is
 * trained, and starts with the best of them.
 *
 * <p>Scoring is the one moment at which memory is proportional to all cells of the network, not to
 * its connections: these criteria are defined so.
 */
package org.espalier.initial;
