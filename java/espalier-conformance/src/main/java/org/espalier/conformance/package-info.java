/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One catalogue of cases for every backend operation. The same list checks a backend against the
 * oracle, answers {@code espalier doctor --check}, and feeds the benchmarks.
 */
package org.espalier.conformance;
