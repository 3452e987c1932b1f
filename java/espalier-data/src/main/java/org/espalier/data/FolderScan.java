/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.data.format.Format;

/**
 * Tells from the names in a folder what data set it holds. A file whose name says test, t10k, valid
 * or val is for testing (a test file before a validation file), one that says train is for
 * training, and a lone file that says neither is the whole set.
 */
final class FolderScan {

  private static final Pattern IDX =
      Pattern.compile("(.*)images([-.])idx(\\d)-(ubyte|byte|short|int|float|double)");
  private static final Pattern NPY = Pattern.compile("[Xx]([-_.].*)?\\.npy");
  private static final Pattern CIFAR10 = Pattern.compile("(data|test)_batch(_\\d+)?\\.bin");
  private static final Pattern CIFAR100 = Pattern.compile("(train|test)\\.bin");
  private static final Pattern CSV = Pattern.compile(".*\\.(csv|tsv)");
  private static final Pattern LIBSVM = Pattern.compile(".*\\.(svm|libsvm|svmlight)");
  private static final Pattern ROLE =
      Pattern.compile("(?:^|[^a-z])(train|training|test|t10k|valid|validation|val)(?![a-z])");

  private static final String FORMATS =
      "*-images-idx3-ubyte with its labels, data_batch_*.bin and test_batch.bin, train.bin and"
          + " test.bin, *.csv, *.svm, or X*.npy with y*.npy, each plain or with .gz; or class folders"
          + " of *.jpg and *.png, in train/ and val/ or alone; or shards *.tar";

  /** What a file is for. */
  enum Role {
    TRAIN,
    TEST,
    VALID,
    WHOLE
  }

  /** A file that holds features. */
  private record Candidate(String name, Format format, Role role, Optional<String> labels) {

    PartFiles part() {
      return new PartFiles(format, List.of(name), labels);
    }
  }

  private FolderScan() {}

  /** Returns whether a folder itself holds a file that may be a set. */
  static boolean holdsData(Path folder) {
    return !candidates(folder).isEmpty();
  }

  /**
   * Describes the set that a folder holds.
   *
   * @throws UserException if it holds none, or more than one
   */
  static SetDescription folder(String name, Path folder) {
    List<Candidate> candidates = candidates(folder);
    if (candidates.isEmpty()) {
      throw new UserException(folder + ": no data file is here, expected " + FORMATS + ".");
    }
    if (candidates.stream().map(Candidate::format).distinct().count() > 1) {
      throw ambiguous(folder, candidates);
    }
    Optional<PartFiles> train = pick(folder, candidates, Role.TRAIN);
    Optional<PartFiles> whole = pick(folder, candidates, Role.WHOLE);
    Optional<PartFiles> test =
        pick(folder, candidates, Role.TEST).or(() -> pick(folder, candidates, Role.VALID));
    if (train.isPresent() && whole.isPresent()) {
      throw ambiguous(folder, candidates);
    }
    Optional<PartFiles> first = train.or(() -> whole);
    return first.isPresent()
        ? SetDescription.of(name, first.get(), test)
        : SetDescription.of(name, test.orElseThrow(), Optional.empty());
  }

  private static List<Candidate> candidates(Path folder) {
    List<Candidate> candidates = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .flatMap(file -> classify(file).stream())
          .distinct()
          .forEach(candidates::add);
      return candidates;
    } catch (IOException e) {
      throw new UserException(folder + ": the folder cannot be listed.", e);
    }
  }

  /**
   * Describes the set in one part that a file is.
   *
   * @throws UserException if its name tells no format
   */
  static SetDescription file(String name, Path file) {
    Candidate candidate =
        classify(file.getFileName().toString())
            .orElseThrow(
                () ->
                    new UserException(file + ": the format is unknown, expected " + FORMATS + "."));
    return SetDescription.of(name, candidate.part(), Optional.empty());
  }

  private static Optional<PartFiles> pick(Path folder, List<Candidate> all, Role role) {
    List<Candidate> found = all.stream().filter(c -> c.role == role).toList();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get(0).format == Format.CIFAR10) {
      List<String> batches = found.stream().map(Candidate::name).toList();
      return Optional.of(new PartFiles(Format.CIFAR10, batches, Optional.empty()));
    }
    if (found.size() > 1) {
      throw ambiguous(folder, found);
    }
    return Optional.of(found.get(0).part());
  }

  private static UserException ambiguous(Path folder, List<Candidate> found) {
    return new UserException(
        folder
            + ": the folder holds more than one data set ("
            + String.join(", ", found.stream().map(Candidate::name).toList())
            + "), expected one training and one test file; give the path of a file, or move the others.");
  }

  private static Optional<Candidate> classify(String file) {
    String plain = file.endsWith(".gz") ? file.substring(0, file.length() - 3) : file;
    Role role = role(plain);
    Matcher idx = IDX.matcher(plain);
    if (idx.matches()) {
      String labels = idx.group(1) + "labels" + idx.group(2) + "idx1-ubyte";
      return Optional.of(new Candidate(plain, Format.IDX, role, Optional.of(labels)));
    }
    Matcher npy = NPY.matcher(plain);
    if (npy.matches()) {
      String suffix = Optional.ofNullable(npy.group(1)).orElse("");
      String labels = "y" + suffix + ".npy";
      return Optional.of(new Candidate(plain, Format.NPY, role, Optional.of(labels)));
    }
    return textOrCifar(plain).map(format -> new Candidate(plain, format, role, Optional.empty()));
  }

  private static Optional<Format> textOrCifar(String plain) {
    if (CIFAR10.matcher(plain).matches()) {
      return Optional.of(Format.CIFAR10);
    }
    if (CIFAR100.matcher(plain).matches()) {
      return Optional.of(Format.CIFAR100);
    }
    if (CSV.matcher(plain).matches()) {
      return Optional.of(Format.CSV);
    }
    return LIBSVM.matcher(plain).matches() ? Optional.of(Format.LIBSVM) : Optional.empty();
  }

  /** Returns what a name says of a file. */
  static Role role(String plain) {
    if (plain.startsWith("data_batch")) {
      return Role.TRAIN;
    }
    Matcher matcher = ROLE.matcher(plain.toLowerCase(Locale.ROOT));
    if (!matcher.find()) {
      return Role.WHOLE;
    }
    return switch (matcher.group(1)) {
      case "train", "training" -> Role.TRAIN;
      case "test", "t10k" -> Role.TEST;
      default -> Role.VALID;
    };
  }
}
