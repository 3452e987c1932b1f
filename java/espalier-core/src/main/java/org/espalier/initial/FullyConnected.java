/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import org.espalier.UserException;
import org.espalier.nn.NetworkSpec;

/** What criteria that rebuild the network can rebuild. */
final class FullyConnected {

  private FullyConnected() {}

  /**
   * Refuses networks with other layers.
   *
   * @throws UserException if there is a layer of images
   */
  static void check(NetworkSpec spec, String criterion) {
    if (spec.plan().stream().anyMatch(layer -> layer.out().isImages())) {
      throw new UserException(
          "%s scores fully connected networks only, and this is a network of images; expected another rule, such as SNIP, global magnitude or ERK."
              .formatted(criterion));
    }
  }
}
