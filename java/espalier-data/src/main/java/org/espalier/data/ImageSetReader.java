/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
    boolean given =
        request.split() instanceof SplitRequest.Auto
            || request.split() instanceof SplitRequest.Given;
    Optional<ImageFiles> test = given ? parts.test().map(this::list) : Optional.empty();
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
        fingerprint(train, test, split, classes));
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
    String name = parts.place().toString();
    if (request.split() instanceof SplitRequest.First first) {
      return RowSplit.first(name, first.trainRows(), labels.length);
    }
    if (request.split() instanceof SplitRequest.Given) {
      throw new UserException(
          name + ": the set has one part, expected train and val; ask for a random split.");
    }
    SplitRequest.Random random =
        request.split() instanceof SplitRequest.Random asked ? asked : SplitRequest.DEFAULT_RANDOM;
    return RowSplit.random(name, random, request.seed(), labels, classes);
  }

  /** Sums up everything that decides which samples there are, and in which order. */
  private String fingerprint(
      ImageFiles train, Optional<ImageFiles> test, RowSplit split, ImageClasses classes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(
          digest,
          "espalier-data images 1",
          "size " + settings.size() + " of " + settings.resize() + " x " + settings.channels(),
          "classes " + classes.count());
      add(digest, train, classes);
      test.ifPresent(files -> add(digest, files, classes));
      ByteBuffer rows = ByteBuffer.allocate(4 * split.test().length);
      rows.asIntBuffer().put(split.test());
      digest.update(rows);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, ImageFiles files, ImageClasses classes) {
    int[] labels = classes.labels(files);
    IntStream.range(0, files.size())
        .forEach(i -> add(digest, files.shortName(i), files.length(i) + " " + labels[i]));
    add(digest, "");
  }

  private static void add(MessageDigest digest, String... lines) {
    for (String line : List.of(lines)) {
      digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
