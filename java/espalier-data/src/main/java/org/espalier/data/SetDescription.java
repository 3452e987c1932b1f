/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.data.format.CsvOptions;
import org.espalier.data.format.Format;
import org.espalier.data.table.ImageShape;

/**
 * All that must be known of a set before its files are read.
 *
 * @param name what it is called
 * @param folders the folders it may lie in, relative to a data folder, likeliest first
 * @param train the files of the training part, or of the only part
 * @param test the files of the test part
 * @param csv layout of its CSV files
 * @param features number of features, or 0 if the files decide
 * @param classes number of classes, or 0 if the files decide
 * @param classNames one name per class, or empty to look for a file of names beside the data
 * @param shape the shape of the images, where the format does not tell it
 * @param split what {@link SplitRequest#AUTO} means for a set without test part
 * @param origin where the files come from
 */
record SetDescription(
    String name,
    List<String> folders,
    PartFiles train,
    Optional<PartFiles> test,
    CsvOptions csv,
    int features,
    int classes,
    List<String> classNames,
    Optional<ImageShape> shape,
    SplitRequest split,
    Origin origin) {

  /** Returns the description of files of which nothing else is known. */
  static SetDescription of(String name, PartFiles train, Optional<PartFiles> test) {
    return new SetDescription(
        name,
        List.of(name),
        train,
        test,
        CsvOptions.DEFAULT,
        0,
        0,
        List.of(),
        Optional.empty(),
        SplitRequest.DEFAULT_RANDOM,
        Origin.UNKNOWN);
  }

  /** Returns the description of a set that is one text file. */
  static SetDescription of(String name, Format format, String file) {
    return of(name, PartFiles.of(format, file), Optional.empty());
  }

  /** Returns the description of a set that is a text file to train on and one to test on. */
  static SetDescription of(String name, Format format, String train, String test) {
    return of(name, PartFiles.of(format, train), Optional.of(PartFiles.of(format, test)));
  }

  SetDescription withFolders(String... names) {
    return new SetDescription(
        name,
        List.of(names),
        train,
        test,
        csv,
        features,
        classes,
        classNames,
        shape,
        split,
        origin);
  }

  SetDescription withCsv(CsvOptions options) {
    return new SetDescription(
        name, folders, train, test, options, features, classes, classNames, shape, split, origin);
  }

  SetDescription withSize(int featureCount, int classCount) {
    return new SetDescription(
        name,
        folders,
        train,
        test,
        csv,
        featureCount,
        classCount,
        classNames,
        shape,
        split,
        origin);
  }

  SetDescription withClassNames(String... names) {
    return new SetDescription(
        name, folders, train, test, csv, features, classes, List.of(names), shape, split, origin);
  }

  SetDescription withShape(int height, int width, int channels) {
    Optional<ImageShape> image = Optional.of(new ImageShape(height, width, channels));
    return new SetDescription(
        name, folders, train, test, csv, features, classes, classNames, image, split, origin);
  }

  SetDescription withSplit(SplitRequest request) {
    return new SetDescription(
        name, folders, train, test, csv, features, classes, classNames, shape, request, origin);
  }

  SetDescription withOrigin(Origin source) {
    return new SetDescription(
        name, folders, train, test, csv, features, classes, classNames, shape, split, source);
  }

  /** Returns the names of all files of all parts. */
  List<String> fileNames() {
    List<String> names = new ArrayList<>(train.names());
    test.ifPresent(part -> names.addAll(part.names()));
    return names;
  }
}
