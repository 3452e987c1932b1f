/* SPDX-License-Identifier: Apache-2.0 */
/** Whole jobs: a recipe and a data set become a run, a run becomes an evaluation. */
package org.espalier.job;
