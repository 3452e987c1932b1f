/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Pruning plasticity: what a network loses or gains by being pruned at some point of its training.
 */
package org.espalier.plasticity;
