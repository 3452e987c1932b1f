/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.data.image.Augmentation;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.table.ImageShape;
import org.espalier.train.SamplePass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads published folders of JPEGs where they are at hand. */
class RealImagesTest {

  @TempDir private Path root;

  private Dataset open(String name, ImageSettings settings) {
    DataRequest request =
        DataRequest.of(name).withDataDir(SharedData.folder()).withImages(settings);
    return Datasets.open(request, Places.under(root));
  }

  @Test
  void imagenetteHasItsPublishedSizesAndFourGreyImages() {
    ImageSettings settings =
        ImageSettings.DEFAULT.withSize(224, 224).withAugmentation(Augmentation.imagenet());
    Dataset set = open("imagenette224-mini", settings);
    assertEquals(Optional.of(new ImageShape(224, 224, 3)), set.shape());
    assertEquals(150, set.train().size());
    assertEquals(50, set.test().size());
    assertEquals(10, set.classes());
    assertEquals("n01440764", set.classNames().get(0));
    int grey = grey(set.train(), set.features()) + grey(set.test(), set.features());
    assertEquals(4, grey);
    double[] sums = new double[2];
    float[] row = new float[set.features()];
    float[] scale = set.normalization().scale();
    float[] shift = set.normalization().shift();
    try (SamplePass pass = set.train().pass(place -> 149 - place, 3)) {
      for (int first = 0; first < 150; first += 25) {
        pass.prepare(first, 25, 125 - first);
        for (int i = 0; i < 25; i++) {
          pass.read(i, 0, row.length, row, 0);
          double sum = 0;
          for (int f = 0; f < row.length; f++) {
            double value = row[f] * scale[f] + shift[f];
            sum += value;
            sums[1] += value * value;
          }
          sums[0] += sum;
          assertEquals(set.train().label(149 - first - i), pass.label(i));
        }
      }
    }
    // Random parts of normalised pictures are about normalised.
    assertEquals(0, sums[0] / 150 / row.length, 0.15);
    assertEquals(1, sums[1] / 150 / row.length, 0.2);
    assertEquals(0, set.brokenImages());
  }

  /** Counts the pictures whose channels are all the same. */
  private static int grey(DataPart part, int features) {
    float[] row = new float[features];
    int plane = features / 3;
    return (int)
        IntStream.range(0, part.size())
            .filter(
                sample -> {
                  part.read(sample, 0, features, row, 0);
                  return IntStream.range(0, plane).allMatch(i -> row[i] == row[i + plane])
                      && IntStream.range(0, plane).allMatch(i -> row[i] == row[i + 2 * plane]);
                })
            .count();
  }

  @Test
  void miniImagenetHasItsPublishedSizes() {
    Dataset set = open("miniimagenet84-mini", ImageSettings.DEFAULT.withSize(84, 84));
    int[] counts = new int[set.classes()];
    for (int label : Places.labels(set.train())) {
      counts[label]++;
    }
    assertArrayEquals(IntStream.generate(() -> 25).limit(20).toArray(), counts);
    assertEquals(100, set.test().size());
    double mean = -set.normalization().shift()[0] / set.normalization().scale()[0];
    assertTrue(mean > 100 && mean < 140, "mean red " + mean);
  }
}
