/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.network;

import org.espalier.UserException;

/**
 * What may differ between networks of one kind.
 *
 * @param depth layers with weights, as names such as ResNet-50 count them; of kinds that have one
 *     depth not read
 * @param width factor of the channels and neurons of hidden layers
 * @param stem how the first layers of {@link ResNet} take the image
 * @param dropout share of outputs silenced in training, where the kind has dropout
 * @param sparseConvolutions whether convolutions hold only some of their connections
 * @param sparseHidden the same of fully connected layers before the last
 * @param sparseOutput the same of the classifier
 */
public record NetworkSettings(
    int depth,
    double width,
    Stem stem,
    float dropout,
    boolean sparseConvolutions,
    boolean sparseHidden,
    boolean sparseOutput) {

  /** First layers for images of different sizes. */
  public enum Stem {
    /** Convolution 7x7 of stride 2 and largest of 3x3 pixels at stride 2. */
    IMAGENET,
    /** Convolution 3x3. */
    CIFAR
  }

  /** Returns a number of channels or neurons made wider by the factor, at least 1. */
  int wide(int channels) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(channels * width)));
  }

  /**
   * Refuses dropout.
   *
   * @throws UserException if there is any
   */
  void checkNoDropout(String kind) {
    if (dropout != 0) {
      throw new UserException(
          "network.dropout is %s, but network.kind %s has no dropout; expected network.dropout=0."
              .formatted(dropout, kind));
    }
  }

  /** Returns what to throw where the depth does not exist. */
  UserException wrongDepth(String kind, String expected) {
    return new UserException(
        "network.depth is %d, which network.kind %s does not have; expected %s."
            .formatted(depth, kind, expected));
  }
}
