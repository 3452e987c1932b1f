/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.data.image.ImageFiles;

/**
 * Where the images of a set lie.
 *
 * @param place the folder of the set, for messages and for a file of class names
 * @param train lists the training part, or the only part
 * @param test lists the test part
 * @param labelsMayBeNumbers whether labels that are all whole numbers are the numbers of classes;
 *     otherwise classes are numbered in the order of their names
 */
record ImageParts(
    Path place,
    Supplier<ImageFiles> train,
    Optional<Supplier<ImageFiles>> test,
    boolean labelsMayBeNumbers) {}
