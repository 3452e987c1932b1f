/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.Optional;
import org.espalier.UserException;

/**
 * How chance changes training images, in this order. Evaluation never does any of it.
 *
 * @param resizedCrop a random part, resized; without it files are framed as for evaluation
 * @param paddedCrop padding and a random cut
 * @param flip chance of a mirror image (left and right exchanged), 0 to 1
 * @param movement rotation and shift
 * @param jitter changes of colour
 */
public record Augmentation(
    Optional<ResizedCrop> resizedCrop,
    Optional<PaddedCrop> paddedCrop,
    double flip,
    Optional<Movement> movement,
    Optional<ColorJitter> jitter) {

  /** Nothing is left to chance. */
  public static final Augmentation NONE =
      new Augmentation(Optional.empty(), Optional.empty(), 0, Optional.empty(), Optional.empty());

  private static final int RESIZED_CROP = 1;
  private static final int PADDED_CROP = 2;
  private static final int FLIP = 3;
  private static final int MOVEMENT = 4;
  private static final int JITTER = 5;

  /** Checks the chance of a flip. */
  public Augmentation {
    if (!(flip >= 0 && flip <= 1)) {
      throw new UserException("The chance of a horizontal flip is " + flip + ", expected 0 to 1.");
    }
  }

  /** Returns the usual one of CIFAR: four pixels of padding, a random cut, half mirrored. */
  public static Augmentation cifar(Border border) {
    return NONE.withPaddedCrop(new PaddedCrop(4, border)).withFlip(0.5);
  }

  /** Returns the usual one of ImageNet: a random resized crop, half mirrored. */
  public static Augmentation imagenet() {
    return NONE.withResizedCrop(ResizedCrop.STANDARD).withFlip(0.5);
  }

  /** Returns this with a random resized crop. */
  public Augmentation withResizedCrop(ResizedCrop crop) {
    return new Augmentation(Optional.of(crop), paddedCrop, flip, movement, jitter);
  }

  /** Returns this with padding and a random cut. */
  public Augmentation withPaddedCrop(PaddedCrop crop) {
    return new Augmentation(resizedCrop, Optional.of(crop), flip, movement, jitter);
  }

  /** Returns this with mirror images. */
  public Augmentation withFlip(double chance) {
    return new Augmentation(resizedCrop, paddedCrop, chance, movement, jitter);
  }

  /** Returns this with rotation and shift. */
  public Augmentation withMovement(Movement moved) {
    return new Augmentation(resizedCrop, paddedCrop, flip, Optional.of(moved), jitter);
  }

  /** Returns this with changes of colour. */
  public Augmentation withJitter(ColorJitter changes) {
    return new Augmentation(resizedCrop, paddedCrop, flip, movement, Optional.of(changes));
  }

  /** Returns whether this changes anything. */
  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * Returns a picture of the frame's size. The picture given must not be used after.
   *
   * @param passKey key of the pass
   * @param sample number of the sample: with the key, it decides everything
   */
  PixelImage apply(PixelImage image, Frame frame, long passKey, int sample) {
    PixelImage out;
    if (resizedCrop.isPresent()) {
      Chance chance = new Chance(passKey, sample, RESIZED_CROP);
      out = resizedCrop.get().apply(image, frame.width(), frame.height(), chance);
    } else {
      out = frame.evaluation(image);
    }
    if (paddedCrop.isPresent()) {
      out = paddedCrop.get().apply(out, new Chance(passKey, sample, PADDED_CROP));
    }
    if (new Chance(passKey, sample, FLIP).uniform() < flip) {
      mirror(out);
    }
    if (movement.isPresent()) {
      out = movement.get().apply(out, new Chance(passKey, sample, MOVEMENT));
    }
    if (jitter.isPresent()) {
      jitter.get().apply(out, new Chance(passKey, sample, JITTER));
    }
    return out;
  }

  private static void mirror(PixelImage image) {
    byte[] samples = image.pixels();
    for (int from = 0; from < samples.length; from += image.width()) {
      int left = from;
      int right = from + image.width() - 1;
      while (left < right) {
        byte kept = samples[left];
        samples[left++] = samples[right];
        samples[right--] = kept;
      }
    }
  }
}
