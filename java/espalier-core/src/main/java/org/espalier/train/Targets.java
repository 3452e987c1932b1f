/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.tensor.DeviceBuffer;

/**
 * What the outputs of a batch are compared with.
 *
 * @param labels INT32, one for each sample
 * @param others likewise, of what was mixed in; null if nothing was
 * @param share of the labels in the loss, in [0, 1]; the others have the rest
 */
record Targets(DeviceBuffer labels, DeviceBuffer others, float share) {}
