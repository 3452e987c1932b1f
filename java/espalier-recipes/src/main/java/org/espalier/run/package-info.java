/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a run leaves behind: its folder, metrics, TensorBoard events, checkpoint, model and summary.
 */
package org.espalier.run;
