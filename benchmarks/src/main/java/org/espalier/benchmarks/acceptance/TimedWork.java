/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.util.ArrayList;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Backend;

/**
 * What is timed: the operations of square layers, and training steps.
 *
 * @param size inputs and outputs of a layer
 * @param batch positions
 * @param sparsities of the layers, in percent
 * @param nets whose training steps are timed
 */
record TimedWork(int size, int batch, List<Double> sparsities, List<String> nets) {

  /** The lowest sparsity, in percent, at which products are compared. */
  private static final double COMPARED_FROM = 90;

  private static final TimedWork FULL =
      new TimedWork(
          4096, 1024, List.of(99.0, 95.0, 90.0, 80.0), List.of("A-90", "A-99", "C-99", "C-99.9"));

  /** Enough to see that timing works. */
  private static final TimedWork SMALL = new TimedWork(256, 64, List.of(95.0), List.of("A-99.9"));

  /** Returns {@code full} or {@code small} work. */
  static TimedWork of(String name) {
    return switch (name) {
      case "full" -> FULL;
      case "small" -> SMALL;
      default ->
          throw new UserException(
              "There is no timed work '%s'; expected full or small.".formatted(name));
    };
  }

  /** Returns what is worth comparing with a vendor's library: the products of sparse layers. */
  List<Timed> products(Backend backend) {
    return sparsities.stream()
        .filter(sparsity -> sparsity >= COMPARED_FROM)
        .flatMap(sparsity -> LayerWork.all(backend, size, sparsity, batch).stream())
        .filter(timed -> LayerWork.isProduct(timed.what()))
        .toList();
  }

  /** Returns all of it; what matters most comes first. */
  List<Timed> on(Backend backend) {
    List<Timed> all = new ArrayList<>();
    for (double sparsity : sparsities) {
      all.addAll(LayerWork.all(backend, size, sparsity, batch));
    }
    for (String net : nets) {
      all.addAll(StepWork.all(backend, net));
    }
    return all;
  }
}
