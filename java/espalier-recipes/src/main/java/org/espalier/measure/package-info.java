/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Measures of topologies: how much of a layer was ever tried, how far two topologies are apart, and
 * whether degrees follow a power law.
 */
package org.espalier.measure;
