/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.UserException;
import org.espalier.data.format.DataFile;
import org.espalier.data.format.LabelRange;
import org.espalier.data.format.Part;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.table.ByteTable;
import org.espalier.data.table.FeatureTable;
import org.espalier.data.table.ImageShape;
import org.espalier.data.table.SparseTable;
import org.espalier.train.FeatureScaling;

/** Reads the files of a set that has been found, and makes a data set of them. */
final class SetReader {

  private final SetDescription set;
  private final Folder folder;
  private final DataRequest request;

  SetReader(SetDescription set, Folder folder, DataRequest request) {
    this.set = set;
    this.folder = folder;
    this.request = request;
  }

  /**
   * Reads, splits and normalises the set.
   *
   * @throws UserException if a file is not as it must be, or the parts do not fit
   */
  Dataset read() {
    Part train = read(set.train());
    Optional<Part> given =
        request.split().usesTestPart() ? set.test().map(this::read) : Optional.empty();
    int features = features(train, given);
    train = widen(train, features);
    Part test = given.isPresent() ? widen(given.get(), features) : train;
    int classes = classes(train, test);
    RowSplit split =
        given.isPresent()
            ? new RowSplit(RowSplit.all(train.labels().length), RowSplit.all(test.labels().length))
            : split(train, classes);
    Samples raw = samples(train, split.train(), classes);
    Samples tests = samples(test, split.test(), classes);
    Optional<ImageShape> shape = set.shape().or(train::shape);
    DataPart trains =
        wantsImages(train, shape)
            ? images(train, shape, raw)
            : raw.withNormalization(
                Normalization.fit(request.normalize(), train.features(), split.train()));
    FeatureScaling normalization = trains.scaling().orElseThrow();
    return new Dataset(
        request.name(),
        trains,
        tests.withNormalization(normalization),
        shape,
        new ClassNames(set, folder).read(classes),
        normalization,
        fingerprint(train, test, split, classes));
  }

  private static Samples samples(Part part, int[] rows, int classes) {
    FeatureTable table = part.features();
    FeatureScaling identity = FeatureScaling.identity(table.features());
    return new Samples(table, rows, part.labels(), classes, identity);
  }

  private static boolean areImages(Part part, Optional<ImageShape> shape) {
    return shape.isPresent() && part.features() instanceof ByteTable;
  }

  /** Settings that leave everything as it is usually are no demand for images. */
  private boolean wantsImages(Part part, Optional<ImageShape> shape) {
    return request
        .images()
        .filter(settings -> areImages(part, shape) || !settings.equals(ImageSettings.DEFAULT))
        .isPresent();
  }

  /** Makes training images that are changed by chance, and normalised channel by channel. */
  private DataPart images(Part part, Optional<ImageShape> shape, Samples samples) {
    if (!areImages(part, shape)) {
      throw new UserException(
          part.name()
              + ": the samples are not images of bytes, expected such for changes of images and"
              + " normalisation by channels.");
    }
    ImageSettings settings = request.images().get();
    AugmentedSamples augmented = new AugmentedSamples(samples, shape.get(), settings);
    FeatureScaling scaling =
        ImageNormalization.of(
            request.normalize(), settings, shape.get(), () -> augmented.statistics(request.seed()));
    return settings.augmentation().isNone()
        ? samples.withNormalization(scaling)
        : augmented.withNormalization(scaling);
  }

  private Part read(PartFiles files) {
    LabelRange range = set.classes() > 0 ? new LabelRange(set.classes()) : LabelRange.ANY;
    List<DataFile> features = files.features().stream().map(this::find).toList();
    Optional<DataFile> labels = files.labels().map(this::find);
    Part part = files.format().read(features, labels, set.csv(), range);
    verify(files, part);
    return part;
  }

  private DataFile find(String name) {
    return folder
        .find(name)
        .orElseThrow(
            () ->
                new UserException(
                    folder
                        + ": there is no file "
                        + name
                        + "[.gz], expected beside the others of the set."));
  }

  private void verify(PartFiles files, Part part) {
    List<String> names = files.names();
    for (int i = 0; i < names.size(); i++) {
      String expected = set.origin().sha256().get(names.get(i));
      String actual = part.sha256().get(i);
      if (expected != null && !expected.equals(actual)) {
        throw find(names.get(i))
            .error(
                "the SHA-256 after unpacking is %s, expected %s of %s; fetch the file again, or open"
                    + " other data by its path",
                actual, expected, set.name());
      }
    }
  }

  /**
   * Returns the number of features that all parts must have. A sparse file names only those that
   * occur, so it may have fewer than its set.
   */
  private int features(Part train, Optional<Part> test) {
    if (set.features() > 0) {
      return set.features();
    }
    int features = train.features().features();
    boolean sparse = train.features() instanceof SparseTable;
    return sparse && test.isPresent()
        ? Math.max(features, test.get().features().features())
        : features;
  }

  private Part widen(Part part, int features) {
    FeatureTable table = part.features();
    if (table instanceof SparseTable sparse && sparse.features() < features) {
      table = sparse.widened(features);
    }
    if (table.features() != features) {
      throw new UserException(
          String.format(
              "%s: the samples have %d features, expected %d as all of %s.",
              part.name(), table.features(), features, set.name()));
    }
    return new Part(part.name(), table, part.labels(), part.shape(), part.sha256());
  }

  private int classes(Part train, Part test) {
    if (set.classes() > 0) {
      return set.classes();
    }
    IntStream labels =
        IntStream.concat(Arrays.stream(train.labels()), Arrays.stream(test.labels()));
    return labels.max().orElse(0) + 1;
  }

  private RowSplit split(Part part, int classes) {
    SplitRequest split =
        request.split() instanceof SplitRequest.Auto ? set.split() : request.split();
    return RowSplit.of(
        part.name(), split, request.seed(), part.labels(), classes, "a training and a test file");
  }

  private String fingerprint(Part train, Part test, RowSplit split, int classes) {
    Fingerprint sum = new Fingerprint();
    sum.add("espalier-data 1");
    sum.add("train " + train.sha256());
    sum.add("test " + test.sha256());
    sum.add("labels " + set.csv().label() + " " + set.csv().header());
    sum.add("classes " + classes);
    return sum.end(split);
  }
}
