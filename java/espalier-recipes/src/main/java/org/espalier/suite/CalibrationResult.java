/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

/**
 * What the suite calibration finds.
 *
 * @param samples test samples
 * @param fittedOn which rows the temperature was fitted to, in words; never test rows
 * @param fittedRows how many
 * @param fittedNllBefore negative log-likelihood of those rows at temperature 1
 * @param fittedNllAfter the same at the temperature
 * @param temperature that divides the logits
 * @param temperatureAtLimit whether no temperature was best and the search ended at its limit
 * @param before on the test samples, as the network is
 * @param after on the test samples, with the temperature
 */
public record CalibrationResult(
    int samples,
    String fittedOn,
    int fittedRows,
    double fittedNllBefore,
    double fittedNllAfter,
    double temperature,
    boolean temperatureAtLimit,
    Calibration before,
    Calibration after) {}
