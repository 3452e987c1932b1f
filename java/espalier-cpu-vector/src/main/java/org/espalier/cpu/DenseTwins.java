/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.sparse.CsrMatrix;

/**
 * Chooses between the sparse and the dense product for nearly dense patterns, by a {@link
 * ProductTrial} of each layer. Both add up the same numbers in the same order, and the zeros
 * between them change nothing, so the choice decides nothing but the time.
 *
 * <p>The dense weights of a pattern take at most as many numbers as it has connections, divided by
 * {@link #LEAST_DENSITY}; a layer has two patterns, its own and the transposed one.
 */
final class DenseTwins {

  /** Below this the sparse product is faster for every shape that was measured. */
  private static final double LEAST_DENSITY = 0.25;

  private static final String DENSE = "dense";
  private static final String SPARSE = "sparse";

  private final PerPattern<DenseTwin> twins = new PerPattern<>();
  private final Map<String, ProductTrial> trials = new HashMap<>();
  private final Map<String, String> choices = new TreeMap<>();
  private String part = "";
  private long started; // the product that is on trial

  /** Notes what the products to come are for. */
  void working(String name) {
    part = name;
  }

  /** Returns the choices made so far. */
  Map<String, String> choices() {
    return choices;
  }

  /** Takes choices made before. */
  void use(Map<String, String> made) {
    choices.putAll(made);
    trials.keySet().removeAll(made.keySet());
  }

  /**
   * Returns the twin of a pattern, or null if it is not nearly dense.
   *
   * @param operation for the name of the choice
   */
  DenseTwin of(CsrMatrix csr, String operation) {
    if (csr.nnz() < LEAST_DENSITY * csr.cells() || csr.nnz() == 0) {
      return null;
    }
    DenseTwin twin = twins.find(csr);
    return twin == null ? twins.keep(csr, new DenseTwin(name(csr, operation))) : twin;
  }

  private String name(CsrMatrix csr, String operation) {
    String layer = part.isEmpty() ? csr.rows() + "x" + csr.columns() : part;
    return String.format(Locale.ROOT, "%s %s at %.1f", layer, operation, csr.density());
  }

  /** Begins a product, and tells whether to do it densely. */
  boolean begin(DenseTwin twin) {
    String choice = choices.get(twin.name());
    if (choice != null) {
      return choice.equals(DENSE);
    }
    started = System.nanoTime();
    return trials.computeIfAbsent(twin.name(), name -> new ProductTrial()).denseIsNext();
  }

  /** Ends it. */
  void end(DenseTwin twin) {
    ProductTrial trial = trials.get(twin.name());
    if (trial == null) {
      return;
    }
    trial.took(System.nanoTime() - started);
    if (trial.isOver()) {
      choices.put(twin.name(), trial.denseIsFaster() ? DENSE : SPARSE);
      trials.remove(twin.name());
      if (!trial.denseIsFaster()) {
        twin.release();
      }
    }
  }
}
