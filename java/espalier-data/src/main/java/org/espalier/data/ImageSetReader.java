/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Optional;
import java.util.function.Supplier;
import org.espalier.UserException;
import org.espalier.data.image.Augmentation;
import org.espalier.data.image.ImageFiles;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.table.ImageShape;
import org.espalier.train.FeatureScaling;

/** Makes a data set of images that have been found; they are decoded when they are read. */
final class ImageSetReader {

  /** Images that channel statistics are fitted on; their error is then some tenths of a percent. */
  private static final int FITTED_ON = 1024;

  private final ImageParts parts;
  private final DataRequest request;
  private final ImageSettings settings;

  ImageSetReader(ImageParts parts, DataRequest request) {
    this.parts = parts;
    this.request = request;
    this.settings = request.images().orElse(ImageSettings.DEFAULT);
  }

  /**
   * Lists, splits and normalises the set.
   *
   * @throws UserException if something is wrong with a file or label, or the parts do not fit
   */
  Dataset read() {
    ImageFiles train = list(parts.train());
    Optional<ImageFiles> test =
        request.split().usesTestPart() ? parts.test().map(this::list) : Optional.empty();
    ImageClasses classes = ImageClasses.of(parts, train, test);
    int[] trainLabels = classes.labels(train);
    int[] testLabels = test.map(classes::labels).orElse(trainLabels);
    RowSplit split =
        test.isPresent()
            ? new RowSplit(RowSplit.all(trainLabels.length), RowSplit.all(testLabels.length))
            : split(trainLabels, classes.count());
    ImageStore trainStore = new ImageStore(train, settings);
    ImageStore testStore = test.map(files -> new ImageStore(files, settings)).orElse(trainStore);
    ImageShape shape = new ImageShape(settings.size(), settings.size(), settings.channels());
    ImageSamples raw =
        new ImageSamples(
            trainStore,
            split.train(),
            trainLabels,
            classes.count(),
            settings,
            FeatureScaling.identity(shape.features()));
    FeatureScaling scaling =
        ImageNormalization.of(
            request.normalize(), settings, shape, () -> raw.statistics(FITTED_ON, request.seed()));
    Fingerprint sum = fingerprint(classes.count());
    add(sum, train, trainLabels);
    test.ifPresent(files -> add(sum, files, testLabels));
    return new Dataset(
        request.name(),
        raw.withNormalization(scaling),
        new ImageSamples(
            testStore,
            split.test(),
            testLabels,
            classes.count(),
            settings.withAugmentation(Augmentation.NONE),
            scaling),
        Optional.of(shape),
        classes.names(),
        scaling,
        sum.end(split));
  }

  private ImageFiles list(Supplier<ImageFiles> part) {
    ImageFiles files = part.get();
    if (files.size() == 0) {
      throw new UserException(
          parts.place() + ": the shards hold no image, expected *.jpg, *.jpeg or *.png.");
    }
    return files;
  }

  private RowSplit split(int[] labels, int classes) {
    SplitRequest split =
        request.split() instanceof SplitRequest.Auto
            ? SplitRequest.DEFAULT_RANDOM
            : request.split();
    String name = parts.place().toString();
    return RowSplit.of(name, split, request.seed(), labels, classes, "train and val");
  }

  /** Begins the fingerprint; the images of the parts and the split are still to come. */
  private Fingerprint fingerprint(int classes) {
    Fingerprint sum = new Fingerprint();
    sum.add("espalier-data images 1");
    sum.add("size " + settings.size() + " of " + settings.resize() + " x " + settings.channels());
    sum.add("classes " + classes);
    return sum;
  }

  private static void add(Fingerprint sum, ImageFiles files, int[] labels) {
    for (int i = 0; i < labels.length; i++) {
      sum.add(files.shortName(i));
      sum.add(files.length(i) + " " + labels[i]);
    }
    sum.add("");
  }
}
