/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.format.Bytes;
import org.espalier.data.format.CsvOptions;
import org.espalier.data.table.FloatTable;
import org.espalier.data.table.ImageShape;
import org.espalier.train.FeatureScaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening data by path: every format, split and mistake. */
class DatasetsTest {

  private static final String TRAIN = "0,1,10\n1,3,10\n2,5,10\n";
  private static final String TEST = "3,7,30\n0,1,20\n";

  @TempDir private Path root;

  private void write(String file, byte[] content) {
    Bytes.write(root.resolve(file), content);
  }

  private void write(String file, String content) {
    write(file, Bytes.text(content));
  }

  private DataRequest request(String file) {
    return DataRequest.of(root.resolve(file).toString()).withNormalization(NormalizationKind.NONE);
  }

  private Dataset open(DataRequest request) {
    return Datasets.open(request, Places.under(root));
  }

  private String failure(DataRequest request) {
    return assertThrows(UserException.class, () -> open(request)).getMessage();
  }

  @Test
  void folderOfCsvWithTrainAndTest() {
    write("d/x-train.csv", TRAIN);
    write("d/x-test.csv.gz", Bytes.gzip(Bytes.text(TEST)));
    write("d/notes.txt", "nothing");
    Dataset set = open(request("d"));
    assertArrayEquals(new float[][] {{1, 10}, {3, 10}, {5, 10}}, Places.rows(set.train()));
    assertArrayEquals(new float[][] {{7, 30}, {1, 20}}, Places.rows(set.test()));
    assertArrayEquals(new int[] {3, 0}, Places.labels(set.test()));
    assertEquals(4, set.classes(), "a class that only the test part has counts");
    assertEquals(4, set.test().classes());
    assertEquals(2, set.features());
  }

  @Test
  void normalizationIsFittedOnTrainingRowsAndCanBeReplaced() {
    write("d/train.csv", TRAIN);
    write("d/test.csv", TEST);
    Dataset set = open(request("d").withNormalization(NormalizationKind.SCALE));
    assertArrayEquals(new float[][] {{0, 0}, {0.5f, 0}, {1, 0}}, Places.rows(set.train()));
    assertArrayEquals(new float[][] {{1.5f, 0}, {0, 0}}, Places.rows(set.test()));
    Dataset plain = open(request("d"));
    Dataset again = plain.withNormalization(set.normalization());
    assertArrayEquals(Places.rows(set.test()), Places.rows(again.test()));
    assertEquals(set.normalization(), again.normalization());
    assertThrows(UserException.class, () -> plain.withNormalization(FeatureScaling.identity(3)));
  }

  @Test
  void fingerprintChangesWithTheContentAndNotWithItsPacking() {
    write("a/train.csv", TRAIN);
    write("a/test.csv", TEST);
    write("b/t-train.csv.gz", Bytes.gzip(Bytes.text(TRAIN)));
    write("b/t-valid.csv.gz", Bytes.gzip(Bytes.text(TEST)));
    write("c/train.csv", TRAIN);
    write("c/test.csv", TEST.replace("20", "21"));
    String fingerprint = open(request("a")).fingerprint();
    assertEquals(64, fingerprint.length());
    assertEquals(fingerprint, open(request("b")).fingerprint());
    assertNotEquals(fingerprint, open(request("c")).fingerprint());
    SplitRequest half = new SplitRequest.Random(0.5, false);
    write("d.csv", TRAIN + TRAIN + TRAIN + TRAIN);
    String seed0 = open(request("d.csv").withSplit(half)).fingerprint();
    assertEquals(seed0, open(request("d.csv").withSplit(half)).fingerprint());
    assertNotEquals(seed0, open(request("d.csv").withSplit(half).withSeed(1)).fingerprint());
  }

  @Test
  void oneFileIsSplitAtRandomByThirds() {
    write("d.csv", TRAIN + TRAIN + TRAIN);
    Dataset set = open(request("d.csv"));
    assertEquals(6, set.train().size());
    assertArrayEquals(new int[] {0, 1, 2}, sorted(Places.labels(set.test())));
    Dataset first = open(request("d.csv").withSplit(new SplitRequest.First(8)));
    assertArrayEquals(new float[][] {{5, 10}}, Places.rows(first.test()));
  }

  private static int[] sorted(int[] values) {
    return Arrays.stream(values).sorted().toArray();
  }

  @Test
  void otherSplitsLeaveTheTestFileUnread() {
    write("d/train.csv", TRAIN);
    write("d/test.csv", "not even numbers");
    Dataset set = open(request("d").withSplit(new SplitRequest.First(2)));
    assertArrayEquals(new float[][] {{5, 10}}, Places.rows(set.test()));
    assertEquals(3, set.classes());
  }

  @Test
  void aGivenSplitNeedsTwoFiles() {
    write("d.csv", TRAIN);
    String message = failure(request("d.csv").withSplit(new SplitRequest.Given()));
    assertTrue(
        message.contains("d.csv: the set has one part, expected a training and a test"), message);
  }

  @Test
  void csvLayoutIsTakenFromTheRequest() {
    write("d.csv", "1,10,0\n3,10,1\n5,10,1\n");
    CsvOptions last = new CsvOptions(CsvOptions.Label.LAST, CsvOptions.Header.ABSENT);
    Dataset set = open(request("d.csv").withCsv(last).withSplit(new SplitRequest.First(2)));
    assertArrayEquals(new float[][] {{1, 10}, {3, 10}}, Places.rows(set.train()));
    assertEquals(2, set.classes());
  }

  @Test
  void foldersOfIdxAreImages() {
    write("d/train-images-idx3-ubyte", Bytes.idx(new int[] {2, 1, 2}, 1, 2, 3, 4));
    write("d/train-labels-idx1-ubyte", Bytes.idx(new int[] {2}, 0, 1));
    write("d/t10k-images-idx3-ubyte.gz", Bytes.gzip(Bytes.idx(new int[] {1, 1, 2}, 5, 6)));
    write("d/t10k-labels-idx1-ubyte.gz", Bytes.gzip(Bytes.idx(new int[] {1}, 1)));
    write("d/classes.txt", "cat\ndog\n");
    Dataset set = open(request("d"));
    assertEquals(Optional.of(new ImageShape(1, 2, 1)), set.shape());
    assertEquals(List.of("cat", "dog"), set.classNames());
    assertArrayEquals(new float[][] {{5, 6}}, Places.rows(set.test()));
    Dataset one = open(request("d/train-images-idx3-ubyte"));
    assertEquals(1, one.train().size());
    assertEquals(1, one.test().size());
  }

  @Test
  void labelFileThatIsMissingIsNamed() {
    write("d/all-images-idx3-ubyte", Bytes.idx(new int[] {2, 1, 2}, 1, 2, 3, 4));
    String message = failure(request("d"));
    assertTrue(message.contains("there is no file all-labels-idx1-ubyte"), message);
  }

  @Test
  void foldersOfCifarBatches() {
    write("d/data_batch_1.bin", new byte[2 * 3073]);
    write("d/data_batch_2.bin", new byte[3 * 3073]);
    write("d/test_batch.bin", new byte[3073]);
    write("c/train.bin", new byte[2 * 3074]);
    write("c/test.bin", new byte[3074]);
    assertEquals(5, open(request("d")).train().size());
    assertEquals(2, open(request("c")).train().size());
    assertEquals(Optional.of(new ImageShape(32, 32, 3)), open(request("c")).shape());
  }

  @Test
  void foldersOfNumpyArrays() {
    ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    write("d/X_train.npy", Bytes.npy("<f4", "(2, 1)", Bytes.floats(order, 1, 2)));
    write("d/y_train.npy", Bytes.npy("<i4", "(2,)", Bytes.ints(order, 0, 1)));
    write("d/X_test.npy", Bytes.npy("<f4", "(1, 1)", Bytes.floats(order, 3)));
    write("d/y_test.npy", Bytes.npy("<i4", "(1,)", Bytes.ints(order, 1)));
    assertArrayEquals(new float[][] {{3}}, Places.rows(open(request("d")).test()));
    write("e/X.npy", Bytes.npy("<f4", "(2, 1)", Bytes.floats(order, 1, 2)));
    write("e/y.npy", Bytes.npy("<i4", "(2,)", Bytes.ints(order, 0, 1)));
    assertEquals(1, open(request("e")).test().size());
  }

  @Test
  void sparsePartsAreWidenedToTheSameFeatures() {
    write("d/s-train.svm", "0 2:1\n1 1:1\n");
    write("d/s-test.svm", "1 4:3\n");
    Dataset set = open(request("d"));
    assertEquals(4, set.train().features());
    assertArrayEquals(new float[][] {{0, 0, 0, 3}}, Places.rows(set.test()));
  }

  @Test
  void partsWithOtherFeaturesAreAnError() {
    write("d/train.csv", TRAIN);
    write("d/test.csv", "0,1,2,3\n");
    String message = failure(request("d"));
    assertTrue(message.contains("test.csv: the samples have 3 features, expected 2"), message);
  }

  @Test
  void foldersThatHoldNoSetOrSeveralAreErrors() {
    write("none/readme.txt", "x");
    assertTrue(failure(request("none")).contains("none: no data file is here, expected *-images"));
    write("two/a.csv", TRAIN);
    write("two/b.csv", TRAIN);
    assertTrue(failure(request("two")).contains("more than one data set (a.csv, b.csv)"));
    write("mixed/a-train.csv", TRAIN);
    write("mixed/a-train.svm", "0 1:1\n");
    assertTrue(failure(request("mixed")).contains("more than one data set"));
    write("mixed/a.parquet", "x");
    assertTrue(
        failure(request("mixed/a.parquet")).contains("the format is unknown, expected *-images"));
  }

  @Test
  void pathsAreAlsoLookedForInTheDataFolders() {
    write("given/mine/a.csv", TRAIN);
    write("env/yours/a.csv", TRAIN);
    assertEquals(2, open(DataRequest.of("mine").withDataDir(root.resolve("given"))).train().size());
    assertEquals(2, open(DataRequest.of("yours")).train().size());
  }

  @Test
  void anUnknownNameGetsASuggestion() {
    String message = failure(DataRequest.of("fasion-mnist"));
    assertTrue(
        message.startsWith(
            "There is no data set \"fasion-mnist\", did you mean 'fashion-mnist'? Expected the path"),
        message);
    assertTrue(message.contains("madelon"), message);
    assertTrue(failure(DataRequest.of("lung")).contains(", did you mean 'lung-small'?"));
    assertTrue(
        failure(DataRequest.of("zzzzzz")).startsWith("There is no data set \"zzzzzz\". Expected"));
    assertEquals(
        "./zzz/a.csv: there is no such folder or file.", failure(DataRequest.of("./zzz/a.csv")));
  }

  @Test
  void labelsOfSamplesInMemoryAreChecked() {
    FloatTable.Builder table = new FloatTable.Builder(1);
    table.append(new float[] {1}, 0);
    FloatTable built = table.build();
    assertThrows(UserException.class, () -> Samples.of(built, new int[] {1}, 1));
    assertThrows(UserException.class, () -> Samples.of(built, new int[] {0, 0}, 1));
  }
}
