/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * What a suite was run on.
 *
 * @param suite name of the suite
 * @param recipe name of the run's recipe
 * @param data name of the run's data set
 * @param backend what computed
 * @param seed of every random choice of the suite
 * @param espalierVersion of this program
 */
public record SuiteSetting(
    String suite, String recipe, String data, String backend, long seed, String espalierVersion) {}
