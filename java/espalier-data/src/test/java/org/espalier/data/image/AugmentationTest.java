/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import static org.espalier.data.image.ResamplerTest.counting;
import static org.espalier.data.image.ResamplerTest.picture;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.espalier.UserException;
import org.junit.jupiter.api.Test;

/** Every change against an example done by hand, and what chance makes of it. */
class AugmentationTest {

  private static final int DRAWS = 4000;
  private static final Frame THREE = new Frame(3, 1, 0);

  private static byte[] bytes(int... samples) {
    return picture(samples.length, 1, 1, samples).pixels();
  }

  private static byte[] row(Augmentation changes, int sample) {
    return changes.apply(picture(3, 1, 1, 10, 20, 30), THREE, 5, sample).pixels();
  }

  @Test
  void noneChangesNothing() {
    assertArrayEquals(bytes(10, 20, 30), row(Augmentation.NONE, 0));
  }

  @Test
  void mirroringHappensAsOftenAsAsked() {
    Augmentation flip = Augmentation.NONE.withFlip(0.25);
    int mirrored = 0;
    for (int sample = 0; sample < DRAWS; sample++) {
      byte[] seen = row(flip, sample);
      mirrored += seen[0] == 30 ? 1 : 0;
      assertArrayEquals(seen[0] == 30 ? bytes(30, 20, 10) : bytes(10, 20, 30), seen);
    }
    assertEquals(0.25, (double) mirrored / DRAWS, 0.03);
    assertArrayEquals(bytes(30, 20, 10), row(Augmentation.NONE.withFlip(1), 7));
  }

  @Test
  void everyRowAndChannelIsMirrored() {
    PixelImage image = picture(2, 2, 2, 1, 2, 3, 4, 5, 6, 7, 8);
    PixelImage seen = Augmentation.NONE.withFlip(1).apply(image, new Frame(2, 2, 0), 1, 1);
    assertArrayEquals(bytes(2, 1, 4, 3, 6, 5, 8, 7), seen.pixels());
  }

  @Test
  void bordersAreBlackMirroredOrRepeated() {
    PixelImage image = picture(3, 1, 1, 10, 20, 30);
    assertArrayEquals(bytes(0, 0, 10), image.shifted(-2, 0, Border.ZERO).pixels());
    assertArrayEquals(bytes(30, 20, 10), image.shifted(-2, 0, Border.REFLECT).pixels());
    assertArrayEquals(bytes(10, 10, 10), image.shifted(-2, 0, Border.NEAREST).pixels());
    assertArrayEquals(bytes(20, 30, 20), image.shifted(1, 0, Border.REFLECT).pixels());
    assertArrayEquals(bytes(0, 0, 0), image.shifted(0, 1, Border.ZERO).pixels());
    assertArrayEquals(bytes(10, 20, 30), image.shifted(0, 1, Border.REFLECT).pixels());
    assertEquals(2, Border.REFLECT.inside(-10, 5)); // 0 1 2 3 4 3 2 1 0 1 2 backwards
  }

  @Test
  void paddedCropsReachEveryPlaceAlike() {
    PaddedCrop crop = new PaddedCrop(1, Border.ZERO);
    PixelImage dot = picture(3, 3, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0);
    int[] seen = new int[9];
    for (int sample = 0; sample < DRAWS; sample++) {
      byte[] pixels = crop.apply(dot, new Chance(3, sample, 1)).pixels();
      for (int i = 0; i < 9; i++) {
        seen[i] += pixels[i] == 9 ? 1 : 0;
      }
    }
    for (int count : seen) {
      assertEquals(1 / 9.0, (double) count / DRAWS, 0.02);
    }
  }

  @Test
  void shiftsGoBothWaysByWholePixels() {
    PixelImage image = counting(10, 10, 1);
    Movement shift = new Movement(0, 0.2, Border.ZERO);
    Set<Integer> rows = new HashSet<>();
    for (int sample = 0; sample < DRAWS; sample++) {
      PixelImage moved = shift.apply(image, new Chance(8, sample, 4));
      int found = 0;
      for (int dx = -2; dx <= 2; dx++) {
        for (int dy = -2; dy <= 2; dy++) {
          PixelImage expected = image.shifted(-dx, -dy, Border.ZERO);
          if (Arrays.equals(expected.pixels(), moved.pixels())) {
            rows.add(10 * dx + dy);
            found++;
          }
        }
      }
      assertEquals(1, found);
    }
    assertEquals(25, rows.size());
  }

  @Test
  void turningByRightAnglesOnlyMovesPixels() {
    PixelImage image = picture(3, 3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Movement any = new Movement(180, 0, Border.ZERO);
    assertArrayEquals(bytes(3, 6, 9, 2, 5, 8, 1, 4, 7), any.move(image, 90, 0, 0).pixels());
    assertArrayEquals(bytes(9, 8, 7, 6, 5, 4, 3, 2, 1), any.move(image, 180, 0, 0).pixels());
    assertArrayEquals(bytes(0, 3, 6, 0, 2, 5, 0, 1, 4), any.move(image, 90, 1, 0).pixels());
  }

  @Test
  void turnedPicturesAreReadBilinearly() {
    // By 45 degrees the left neighbour of the middle comes from up and left by half a diagonal.
    PixelImage image = picture(3, 3, 1, 0, 0, 0, 0, 100, 0, 0, 0, 0);
    PixelImage turned = new Movement(45, 0, Border.ZERO).move(image, 45, 0, 0);
    assertEquals(100, turned.at(0, 1, 1));
    double part = 1 - Math.sqrt(0.5);
    assertEquals(Math.round(100 * part * part), turned.at(0, 1, 0));
  }

  @Test
  void resizedCropsStayInsideAndHaveTheirAreaAndRatio() {
    double area = 0;
    int wide = 0;
    for (int sample = 0; sample < DRAWS; sample++) {
      Box box = ResizedCrop.STANDARD.draw(500, 500, new Chance(2, sample, 1));
      assertTrue(box.left() >= 0 && box.left() + box.width() <= 500, box.toString());
      assertTrue(box.top() >= 0 && box.top() + box.height() <= 500, box.toString());
      double ratio = (double) box.width() / box.height();
      assertTrue(ratio > 0.74 && ratio < 1.35, box.toString());
      double share = box.width() * box.height() / 250000.0;
      assertTrue(share > 0.079, box.toString());
      area += share;
      wide += box.width() > box.height() ? 1 : 0;
    }
    // A box fits if its area is at most e^-|t|, t the logarithm of its ratio, uniform to ln(4/3):
    // mean area (0.21875 - 0.0064 ln(4/3)) / 2 / (0.25 - 0.08 ln(4/3)).
    assertEquals(0.478, area / DRAWS, 0.015);
    assertEquals(0.5, (double) wide / DRAWS, 0.03);
  }

  @Test
  void resizedCropsThatNeverFitTakeTheMiddle() {
    ResizedCrop whole = new ResizedCrop(1, 1, 3.0 / 4, 4.0 / 3);
    assertEquals(new Box(43, 0, 13, 10), whole.draw(100, 10, new Chance(1, 1, 1)));
    assertEquals(new Box(0, 43, 10, 13), whole.draw(10, 100, new Chance(1, 1, 1)));
    PixelImage out = whole.apply(counting(100, 10, 3), 5, 5, new Chance(1, 1, 1));
    assertEquals(75, out.pixels().length);
  }

  @Test
  void colorsChangeAsDefined() {
    PixelImage image = picture(2, 1, 3, 100, 0, 50, 0, 200, 250);
    ColorChange.brightness(image, 1.5);
    assertArrayEquals(bytes(150, 0, 75, 0, 255, 255), image.pixels());
    // Greys are 118 and 29, their mean 73.5.
    ColorChange.contrast(image, 0);
    assertArrayEquals(bytes(74, 74, 74, 74, 74, 74), image.pixels());
    PixelImage other = picture(1, 1, 3, 150, 75, 255);
    assertEquals(118, Luma.of(150, 75, 255));
    ColorChange.saturation(other, 0.5);
    assertArrayEquals(bytes(134, 97, 187), other.pixels());
    ColorChange.saturation(other, 0);
    assertArrayEquals(bytes(118, 118, 118), other.pixels());
  }

  @Test
  void huesTurnAroundTheCircle() {
    PixelImage image = picture(2, 1, 3, 200, 7, 20, 7, 20, 7);
    ColorChange.hue(image, 1.0 / 3);
    assertArrayEquals(bytes(20, 7, 200, 7, 20, 7), image.pixels());
    ColorChange.hue(image, 1.0 / 3);
    assertArrayEquals(bytes(20, 7, 20, 7, 200, 7), image.pixels());
    PixelImage red = picture(1, 1, 3, 200, 0, 0);
    ColorChange.hue(red, 1.0 / 12); // half way to yellow
    assertArrayEquals(bytes(200, 100, 0), red.pixels());
    ColorChange.hue(red, -1.0 / 12);
    assertArrayEquals(bytes(200, 0, 0), red.pixels());
  }

  @Test
  void jitterDrawsFactorsAroundOne() {
    ColorJitter jitter = new ColorJitter(0.4, 0, 0, 0);
    double sum = 0;
    for (int sample = 0; sample < DRAWS; sample++) {
      PixelImage grey = picture(1, 1, 1, 100);
      jitter.apply(grey, new Chance(4, sample, 5));
      assertTrue(grey.at(0, 0, 0) >= 60 && grey.at(0, 0, 0) <= 140);
      sum += grey.at(0, 0, 0);
    }
    assertEquals(100, sum / DRAWS, 1.5);
    PixelImage colors = counting(4, 4, 3);
    byte[] before = colors.pixels().clone();
    new ColorJitter(0.4, 0.4, 0.4, 0.1).apply(colors, new Chance(1, 1, 1));
    assertNotEquals(Arrays.toString(before), Arrays.toString(colors.pixels()));
  }

  @Test
  void keySampleAndNothingElseDecide() {
    Augmentation all =
        Augmentation.imagenet()
            .withPaddedCrop(new PaddedCrop(2, Border.REFLECT))
            .withMovement(new Movement(20, 0.1, Border.NEAREST))
            .withJitter(new ColorJitter(0.4, 0.4, 0.4, 0.1));
    Frame frame = new Frame(12, 12, 14);
    byte[] once = all.apply(counting(40, 30, 3), frame, 5, 6).pixels();
    assertEquals(12 * 12 * 3, once.length);
    assertArrayEquals(once, all.apply(counting(40, 30, 3), frame, 5, 6).pixels());
    byte[] otherSample = all.apply(counting(40, 30, 3), frame, 5, 7).pixels();
    byte[] otherPass = all.apply(counting(40, 30, 3), frame, 6, 6).pixels();
    assertNotEquals(Arrays.toString(once), Arrays.toString(otherSample));
    assertNotEquals(Arrays.toString(once), Arrays.toString(otherPass));
  }

  @Test
  void numbersThatMakeNoSenseAreRefused() {
    assertThrows(UserException.class, () -> Augmentation.NONE.withFlip(1.1));
    assertThrows(UserException.class, () -> new PaddedCrop(0, Border.ZERO));
    assertThrows(UserException.class, () -> new Movement(181, 0, Border.ZERO));
    assertThrows(UserException.class, () -> new Movement(0, Double.NaN, Border.ZERO));
    assertThrows(UserException.class, () -> new ColorJitter(0, 0, 0, 0.6));
    assertThrows(UserException.class, () -> new ResizedCrop(0, 1, 1, 1));
    assertThrows(UserException.class, () -> new ResizedCrop(0.1, 1, 2, 1));
    assertThrows(UserException.class, () -> ImageSettings.DEFAULT.withSize(224, 200));
    assertEquals(
        "The number of channels of images is 2, expected 1 or 3.",
        assertThrows(UserException.class, () -> ImageSettings.DEFAULT.withChannels(2))
            .getMessage());
  }
}
