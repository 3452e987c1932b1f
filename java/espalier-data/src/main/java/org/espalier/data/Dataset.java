/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.table.ImageShape;
import org.espalier.train.FeatureScaling;

/**
 * A data set that is ready to train on. Its test part has the features and classes of its training
 * part.
 *
 * @param name the name that it was asked for by
 * @param train training samples
 * @param test test samples
 * @param shape the shape of the images, if the samples are images
 * @param classNames one name per class, or empty if they are not known
 * @param normalization what both parts are normalised with; fitted on training rows only
 * @param fingerprint SHA-256 over the content of all files, the split and the way labels were read,
 *     in hexadecimal: two sets with the same fingerprint have the same samples in the same order.
 *     Of images in files of their own and in shards, it is over names, lengths and labels instead
 *     of content, and over the size that they are brought to
 */
public record Dataset(
    String name,
    DataPart train,
    DataPart test,
    Optional<ImageShape> shape,
    List<String> classNames,
    FeatureScaling normalization,
    String fingerprint) {

  /** Creates a data set. */
  public Dataset {
    classNames = List.copyOf(classNames);
  }

  /** Returns the number of features of a sample. */
  public int features() {
    return train.features();
  }

  /** Returns the number of classes. */
  public int classes() {
    return train.classes();
  }

  /** Returns how many images could not be decoded so far, each counted once. */
  public int brokenImages() {
    return train.brokenImages() + test.brokenImages();
  }

  /**
   * Returns the same data under a stored normalisation, as a model that was trained with it needs.
   *
   * @throws UserException if it is for another number of features
   */
  public Dataset withNormalization(FeatureScaling stored) {
    return new Dataset(
        name,
        train.withNormalization(stored),
        test.withNormalization(stored),
        shape,
        classNames,
        stored,
        fingerprint);
  }
}
