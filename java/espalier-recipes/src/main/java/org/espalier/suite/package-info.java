/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a trained network is judged by beyond its accuracy: calibration, detection of samples from
 * elsewhere, robustness to adversarial changes.
 */
package org.espalier.suite;
