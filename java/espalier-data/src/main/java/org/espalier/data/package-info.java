/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Data sets: found by name, read from the formats they are published in, split, normalised, and
 * handed to training as {@link org.espalier.train.SampleSource}. Start at {@link
 * org.espalier.data.Datasets}.
 */
package org.espalier.data;
