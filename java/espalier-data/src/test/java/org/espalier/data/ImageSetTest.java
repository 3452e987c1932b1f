/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.data.format.Bytes;
import org.espalier.data.image.Augmentation;
import org.espalier.data.image.BrokenImages;
import org.espalier.data.image.ChannelStatistics;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.image.Pictures;
import org.espalier.data.image.Tars;
import org.espalier.data.table.ImageShape;
import org.espalier.sparse.KeyedPermutation;
import org.espalier.train.FeatureScaling;
import org.espalier.train.SamplePass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens class folders and shards, and reads them. */
class ImageSetTest {

  private static final ImageSettings SMALL = ImageSettings.DEFAULT.withSize(8, 8).withWorkers(2);

  @TempDir private Path root;

  private void write(String file, byte[] content) {
    Bytes.write(root.resolve(file), content);
  }

  private static byte[] png(int rgb) {
    return Pictures.png(Pictures.solid(9, 8, rgb));
  }

  private DataRequest request(String name) {
    return DataRequest.of(root.resolve(name).toString())
        .withNormalization(NormalizationKind.NONE)
        .withImages(SMALL);
  }

  private Dataset open(DataRequest request) {
    return Datasets.open(request, Places.under(root));
  }

  private String failure(DataRequest request) {
    return assertThrows(UserException.class, () -> open(request))
        .getMessage()
        .replace(root.toString(), "");
  }

  /** Three cats of red 10, 11, 12 and two dogs of red 20, 21; one each in the test part. */
  private void folders(String name, String test) {
    for (int i = 0; i < 3; i++) {
      write(name + "/train/cat/c" + i + ".png", png(10 + i << 16));
    }
    write(name + "/train/dog/d0.PNG", png(20 << 16));
    write(name + "/train/dog/deep/d1.png", png(21 << 16));
    write(name + "/train/dog/.hidden.png", png(99 << 16));
    write(name + "/train/notes.txt", Bytes.text("x"));
    write(name + "/" + test + "/cat/x.png", png(30 << 16));
    write(name + "/" + test + "/dog/x.png", png(40 << 16));
  }

  private static int[] reds(DataPart part) {
    int[] reds = new int[part.size()];
    float[] pixel = new float[1];
    for (int i = 0; i < reds.length; i++) {
      part.read(i, 17, 18, pixel, 0);
      reds[i] = (int) pixel[0];
    }
    return reds;
  }

  private static float[][] read(DataPart part, long key, int first, int batch) {
    KeyedPermutation order = new KeyedPermutation(part.size(), key);
    float[][] rows = new float[part.size() - first][part.features()];
    try (SamplePass pass = part.pass(place -> (int) order.apply(place), key)) {
      for (int at = first; at < part.size(); at += batch) {
        int count = Math.min(batch, part.size() - at);
        pass.prepare(at, count, part.size() - at - count);
        for (int i = 0; i < count; i++) {
          pass.read(i, 0, part.features(), rows[at - first + i], 0);
          assertEquals(part.label((int) order.apply(at + i)), pass.label(i));
        }
      }
    }
    return rows;
  }

  @Test
  void classFoldersAreReadInTheOrderOfTheirNames() {
    for (String test : List.of("val", "valid", "validation", "test")) {
      folders(test, test);
      Dataset set = open(request(test));
      assertEquals(List.of("cat", "dog"), set.classNames());
      assertEquals(Optional.of(new ImageShape(8, 8, 3)), set.shape());
      assertEquals(192, set.features());
      assertArrayEquals(new int[] {0, 0, 0, 1, 1}, Places.labels(set.train()));
      assertArrayEquals(new int[] {10, 11, 12, 20, 21}, reds(set.train()));
      assertArrayEquals(new int[] {30, 40}, reds(set.test()));
      assertArrayEquals(new int[] {0, 1}, Places.labels(set.test()));
    }
  }

  @Test
  void classFoldersAloneAreSplit() {
    for (int i = 0; i < 6; i++) {
      write("s/a/" + i + ".png", png(i << 16));
      write("s/b/" + i + ".png", png(i << 16));
    }
    Dataset set = open(request("s"));
    assertEquals(8, set.train().size());
    assertArrayEquals(new int[] {0, 0, 1, 1}, Places.labels(set.test()));
    Dataset half = open(request("s").withSplit(new SplitRequest.Random(0.5, true)));
    assertEquals(6, half.test().size());
    assertNotEquals(set.fingerprint(), half.fingerprint());
    assertTrue(
        failure(request("s").withSplit(new SplitRequest.Given()))
            .startsWith("/s: the set has one part, expected train and val"));
  }

  @Test
  void foldersThatAreNoSetAreExplained() {
    write("one/images/1.png", png(0));
    assertEquals(
        "/one: there is one class, images; expected at least two class folders or labels.",
        failure(request("one")));
    folders("empty", "val");
    write("empty/train/zebra/readme.txt", Bytes.text(""));
    assertEquals(
        "/empty/train/zebra: there is no image in this class folder, expected *.jpg, *.jpeg or *.png.",
        failure(request("empty")));
    folders("other", "val");
    write("other/val/zebra/1.png", png(0));
    assertEquals(
        "/other: the test part has a class zebra that the training part has not, expected the same classes.",
        failure(request("other")));
    write("test-only/val/cat/1.png", png(0));
    assertEquals(
        "/test-only/val: this is a test part without a training part; expected train beside it.",
        failure(request("test-only")));
  }

  private static Tars shard(int... labelsAndReds) {
    Tars tar = new Tars();
    for (int i = 0; i < labelsAndReds.length; i += 2) {
      tar.file("%05d.png".formatted(i), png(labelsAndReds[i + 1] << 16));
      tar.text("%05d.cls".formatted(i), labelsAndReds[i] + "\n");
    }
    return tar;
  }

  @Test
  void shardsAreFoundByNameInFoldersAndByPattern() {
    write("a/train-000.tar", shard(2, 10, 0, 11).end());
    write("a/train-001.tar", shard(1, 12).end());
    write("a/val-000.tar", shard(0, 30, 2, 31).end());
    write("a/classes.txt", Bytes.text("x\ny\nz\n"));
    write("b/train/0.tar", shard(2, 10, 0, 11).end());
    write("b/train/1.tar", shard(1, 12).end());
    write("b/val/0.tar", shard(0, 30, 2, 31).end());
    String pattern = root.resolve("a/train-{000..001}.tar") + "::" + root.resolve("a/val-000.tar");
    DataRequest listed = DataRequest.of(pattern).withNormalization(NormalizationKind.NONE);
    for (DataRequest request : List.of(request("a"), request("b"), listed.withImages(SMALL))) {
      Dataset set = open(request);
      assertEquals(3, set.classes());
      assertArrayEquals(new int[] {2, 0, 1}, Places.labels(set.train()));
      assertArrayEquals(new int[] {10, 11, 12}, reds(set.train()));
      assertArrayEquals(new int[] {0, 2}, Places.labels(set.test()));
      assertArrayEquals(new int[] {30, 31}, reds(set.test()));
    }
    assertEquals(List.of("x", "y", "z"), open(request("a")).classNames());
    assertEquals(List.of(), open(request("b")).classNames());
    assertTrue(
        failure(DataRequest.of(root.resolve("a/train-{000..002}.tar").toString()))
            .startsWith("/a/train-002.tar: there is no such shard, expected all of"));
  }

  @Test
  void oneShardIsSplitAndItsLabelsMayBeNames() {
    Tars tar = new Tars();
    for (int i = 0; i < 6; i++) {
      tar.file(i + ".png", png(i << 16)).text(i + ".cls", i < 3 ? "dog" : "cat");
    }
    write("x.tar", tar.end());
    Dataset set = open(request("x.tar"));
    assertEquals(List.of("cat", "dog"), set.classNames());
    assertEquals(4, set.train().size());
    assertEquals(2, set.test().size());
  }

  @Test
  void theFingerprintTellsSetsApartAndNotPlaces() {
    folders("a", "val");
    folders("b", "val");
    folders("c", "val");
    write("c/train/cat/more.png", png(1));
    String fingerprint = open(request("a")).fingerprint();
    assertEquals(fingerprint, open(request("b")).fingerprint());
    assertNotEquals(fingerprint, open(request("c")).fingerprint());
    assertNotEquals(fingerprint, open(request("a").withImages(SMALL.withSize(4, 8))).fingerprint());
    assertEquals(
        fingerprint,
        open(request("a").withImages(SMALL.withAugmentation(Augmentation.imagenet())))
            .fingerprint());
  }

  @Test
  void channelsAreNormalisedWithFittedOrGivenStatistics() {
    folders("d", "val");
    write("d/train/cat/green.png", png(0x00ff00));
    Dataset set = open(request("d").withNormalization(NormalizationKind.STANDARDIZE));
    double[] sums = new double[3];
    double[] squares = new double[3];
    for (float[] row : Places.rows(set.train())) {
      for (int f = 0; f < row.length; f++) {
        sums[f / 64] += row[f] / (64.0 * set.train().size());
        squares[f / 64] += (double) row[f] * row[f] / (64.0 * set.train().size());
      }
    }
    assertArrayEquals(new double[] {0, 0, 0}, sums, 1e-5);
    assertArrayEquals(new double[] {1, 1, 0}, squares, 1e-5); // blue is always 0
    ChannelStatistics given =
        new ChannelStatistics(new float[] {0.5f, 0, 0}, new float[] {0.25f, 1, 1});
    Dataset by =
        open(
            request("d")
                .withNormalization(NormalizationKind.STANDARDIZE)
                .withImages(SMALL.withNormalization(given)));
    assertEquals((30 / 255f - 0.5f) / 0.25f, Places.rows(by.test())[0][0], 1e-5f);
    Dataset scaled = open(request("d").withNormalization(NormalizationKind.SCALE));
    assertEquals(30 / 255f, Places.rows(scaled.test())[0][0], 1e-6f);
    Dataset again = scaled.withNormalization(set.normalization());
    assertArrayEquals(Places.rows(set.test()), Places.rows(again.test()));
    assertThrows(UserException.class, () -> set.withNormalization(FeatureScaling.identity(3)));
  }

  @Test
  void passesAreTheSameForAnyNumberOfThreadsAndFromAnyPlace() {
    for (int i = 0; i < 12; i++) {
      byte[] jpeg = Pictures.jpeg(Pictures.gradient(30 + i, 20 + 2 * i, i));
      write("d/train/" + (i % 2 == 0 ? "a/" : "b/") + i + ".jpg", jpeg);
      write("d/val/" + (i % 2 == 0 ? "a/" : "b/") + i + ".jpg", jpeg);
    }
    ImageSettings settings = SMALL.withSize(16, 18).withAugmentation(Augmentation.imagenet());
    Dataset one = open(request("d").withImages(settings.withWorkers(1)));
    float[][] whole = read(one.train(), 77, 0, 4);
    Dataset many = open(request("d").withImages(settings.withWorkers(5).withMemory(8 * 768)));
    assertArrayEquals(whole, read(many.train(), 77, 0, 4));
    assertArrayEquals(whole, read(many.train(), 77, 0, 5));
    assertArrayEquals(Arrays.copyOfRange(whole, 8, 12), read(many.train(), 77, 8, 4));
    assertNotEquals(Arrays.deepToString(whole), Arrays.deepToString(read(one.train(), 78, 0, 4)));

    float[][] tested = read(many.test(), 77, 0, 4);
    KeyedPermutation order = new KeyedPermutation(12, 77);
    for (int place = 0; place < 12; place++) {
      float[] demanded = new float[768];
      many.test().read((int) order.apply(place), 0, 768, demanded, 0);
      assertArrayEquals(demanded, tested[place], "evaluation leaves nothing to chance");
      many.train().read((int) order.apply(place), 0, 768, demanded, 0);
      assertArrayEquals(demanded, tested[place], "reading on demand is without chance");
    }
  }

  @Test
  void brokenImagesAreFatalByDefaultAndNamed() {
    folders("d", "val");
    write("d/train/cat/c1.png", Arrays.copyOf(png(0), 44));
    Dataset set = open(request("d"));
    UserException e = assertThrows(UserException.class, () -> read(set.train(), 1, 0, 2));
    assertTrue(
        e.getMessage().startsWith(root.resolve("d/train/cat/c1.png") + ": the image is "),
        e.getMessage());
    write(
        "s.tar", shard(0, 1, 1, 2, 0, 3, 1, 4).text("x.cls", "1").file("x.jpg", new byte[0]).end());
    Dataset shards = open(request("s.tar").withSplit(new SplitRequest.First(2)));
    assertEquals(
        root.resolve("s.tar") + "!x.jpg: the file is empty; expected a JPEG or PNG image.",
        assertThrows(UserException.class, () -> read(shards.test(), 1, 0, 3)).getMessage());
  }

  @Test
  void brokenImagesGiveTheirPlaceToTheNextOfTheirClassAndCountOnce() {
    folders("d", "val");
    write("d/train/cat/c1.png", Arrays.copyOf(png(0), 44));
    write("d/train/cat/c2.png", Bytes.text("no image"));
    write("d/val/cat/y.png", Pictures.png(Pictures.solid(90, 80, 0)));
    DataRequest request =
        request("d").withImages(SMALL.withBroken(BrokenImages.SKIP).withMaxPixels(100));
    Dataset set = open(request);
    assertEquals(0, set.brokenImages());
    for (int pass = 0; pass < 3; pass++) {
      read(set.train(), pass, 0, 2);
      read(set.test(), pass, 0, 2);
      assertEquals(2, set.train().brokenImages());
      assertEquals(1, set.test().brokenImages());
      assertEquals(3, set.brokenImages());
    }
    assertArrayEquals(new int[] {10, 10, 10, 20, 21}, reds(set.train()));
    assertArrayEquals(new int[] {30, 30, 40}, reds(set.test()));
    assertEquals(3, set.withNormalization(set.normalization()).brokenImages());
  }

  @Test
  void aClassWithoutIntactImagesIsAnError() {
    folders("d", "val");
    write("d/val/dog/x.png", new byte[0]);
    Dataset set = open(request("d").withImages(SMALL.withBroken(BrokenImages.SKIP)));
    assertEquals(
        root.resolve("d/val/dog/x.png")
            + ": the image is broken, and so are all others of its class; expected one that can take its place.",
        assertThrows(UserException.class, () -> read(set.test(), 1, 0, 2)).getMessage());
  }

  @Test
  void filesThatAreGoneAreNamed() throws Exception {
    folders("d", "val");
    Dataset set = open(request("d"));
    Files.delete(root.resolve("d/val/dog/x.png"));
    assertTrue(
        assertThrows(UserException.class, () -> reds(set.test()))
            .getMessage()
            .contains("x.png: the file cannot be opened"));
  }
}
