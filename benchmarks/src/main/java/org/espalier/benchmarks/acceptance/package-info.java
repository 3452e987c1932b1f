/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the acceptance bundle runs on a machine with a GPU: the case catalogue against the oracle,
 * SET-MLP against the CPU, and timings.
 */
package org.espalier.benchmarks.acceptance;
