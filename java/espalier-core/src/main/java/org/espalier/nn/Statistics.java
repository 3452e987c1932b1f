/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import org.espalier.tensor.DeviceBuffer;

/**
 * Numbers that a layer gathers in training and predicts with: not trained, but part of the model.
 *
 * @param name unique in the network
 * @param values FLOAT32; stays the layer's
 */
public record Statistics(String name, DeviceBuffer values) {}
