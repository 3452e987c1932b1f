/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.util.List;
import java.util.Optional;
import org.espalier.data.table.FeatureTable;
import org.espalier.data.table.ImageShape;

/**
 * What one part of a data set (the training files, or the test files) holds.
 *
 * @param name the file that the features came from, for messages
 * @param features one row per sample
 * @param labels one label per row, from 0
 * @param shape the shape of the images, if the format tells it
 * @param sha256 SHA-256 of each file, unpacked, in the order they were read; hexadecimal
 */
public record Part(
    String name,
    FeatureTable features,
    int[] labels,
    Optional<ImageShape> shape,
    List<String> sha256) {}
