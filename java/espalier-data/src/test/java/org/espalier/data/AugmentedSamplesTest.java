/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import org.espalier.UserException;
import org.espalier.data.format.Bytes;
import org.espalier.data.image.Augmentation;
import org.espalier.data.image.Border;
import org.espalier.data.image.ImageSettings;
import org.espalier.sparse.Keys;
import org.espalier.train.SamplePass;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Augmentation and channels of sets that are in memory: CIFAR's own format. */
class AugmentedSamplesTest {

  private static final int RECORD = 3073;

  @TempDir private Path root;

  @BeforeEach
  void writeCifar() {
    for (String file : new String[] {"data_batch_1.bin", "test_batch.bin"}) {
      byte[] batch = new byte[6 * RECORD];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = i % RECORD == 0 ? (byte) (i / RECORD) : (byte) (Keys.of(3, i) >>> 40);
      }
      Bytes.write(root.resolve("d").resolve(file), batch);
    }
  }

  private Dataset open(ImageSettings settings, NormalizationKind kind) {
    DataRequest request = DataRequest.of(root.resolve("d").toString()).withNormalization(kind);
    return Datasets.open(request.withImages(settings), Places.under(root));
  }

  private static float[] only(DataPart part, int sample, long key) {
    float[] row = new float[part.features()];
    try (SamplePass pass = part.pass(place -> (place + sample) % part.size(), key)) {
      pass.prepare(0, 1, 0);
      pass.read(0, 0, row.length, row, 0);
      assertEquals(part.label(sample), pass.label(0));
    }
    return row;
  }

  private static float[] plain(DataPart part, int sample) {
    float[] row = new float[part.features()];
    part.read(sample, 0, row.length, row, 0);
    return row;
  }

  @Test
  void trainingImagesAreChangedAndTestImagesAreNot() {
    Augmentation flip = Augmentation.NONE.withFlip(1);
    Dataset set = open(ImageSettings.DEFAULT.withAugmentation(flip), NormalizationKind.NONE);
    float[] expected = plain(set.test(), 4); // both parts have the same images
    assertArrayEquals(expected, plain(set.train(), 4));
    assertArrayEquals(expected, only(set.test(), 4, 1));
    float[] mirrored = new float[expected.length];
    for (int f = 0; f < mirrored.length; f++) {
      mirrored[f] = expected[f / 32 * 32 + 31 - f % 32];
    }
    assertArrayEquals(mirrored, only(set.train(), 4, 1));
  }

  @Test
  void randomCropsDependOnThePass() {
    ImageSettings settings =
        ImageSettings.DEFAULT.withAugmentation(Augmentation.cifar(Border.REFLECT));
    Dataset set = open(settings, NormalizationKind.NONE);
    float[] once = only(set.train(), 2, 1);
    assertArrayEquals(once, only(set.train(), 2, 1));
    assertNotEquals(Arrays.toString(once), Arrays.toString(only(set.train(), 2, 2)));
  }

  @Test
  void imagesAreNormalisedByChannelsWhenSettingsAreGiven() {
    for (Augmentation changes : new Augmentation[] {Augmentation.NONE, Augmentation.imagenet()}) {
      Dataset set =
          open(ImageSettings.DEFAULT.withAugmentation(changes), NormalizationKind.STANDARDIZE);
      float[] scale = set.normalization().scale();
      for (int f = 0; f < 3072; f++) {
        assertEquals(scale[f / 1024 * 1024], scale[f]);
      }
      double sum = 0;
      double squares = 0;
      for (float[] row : Places.rows(set.train())) {
        for (int f = 0; f < 1024; f++) {
          sum += row[f];
          squares += (double) row[f] * row[f];
        }
      }
      assertEquals(0, sum / (6 * 1024), 1e-4);
      assertEquals(1, squares / (6 * 1024), 1e-4);
    }
  }

  @Test
  void withoutSettingsNothingIsDifferent() {
    DataRequest request = DataRequest.of(root.resolve("d").toString());
    Dataset set = Datasets.open(request, Places.under(root));
    assertEquals(Samples.class, set.train().getClass());
    float[] scale = set.normalization().scale();
    assertNotEquals(scale[0], scale[1]);
    Dataset changed =
        open(
            ImageSettings.DEFAULT.withAugmentation(Augmentation.cifar(Border.ZERO)),
            NormalizationKind.STANDARDIZE);
    assertEquals(set.fingerprint(), changed.fingerprint());
    Dataset stored = changed.withNormalization(set.normalization());
    assertArrayEquals(Places.rows(set.train()), Places.rows(stored.train()));
  }

  @Test
  void changesOfSamplesThatAreNotImagesAreRefused() {
    Bytes.write(root.resolve("x.csv"), Bytes.text("0,1,2\n1,3,4\n0,1,2\n"));
    DataRequest plain = DataRequest.of(root.resolve("x.csv").toString());
    DataRequest asUsual = plain.withImages(ImageSettings.DEFAULT);
    assertEquals(2, Datasets.open(asUsual, Places.under(root)).features());
    DataRequest request =
        plain.withImages(ImageSettings.DEFAULT.withAugmentation(Augmentation.cifar(Border.ZERO)));
    String message =
        assertThrows(UserException.class, () -> Datasets.open(request, Places.under(root)))
            .getMessage();
    assertEquals(
        root.resolve("x.csv")
            + ": the samples are not images of bytes, expected such for changes of images and normalisation by channels.",
        message);
  }
}
