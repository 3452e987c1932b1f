/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.espalier.backend.host.HostBuffer.ints;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.espalier.sparse.CsrMatrix;

/**
 * Chooses between the sparse and the dense product for nearly dense patterns, by measuring both on
 * the first product that comes along. Both add up the same numbers in the same order, and the zeros
 * between them change nothing, so the choice decides nothing but the time.
 *
 * <p>The dense weights of a pattern take at most as many numbers as it has connections, divided by
 * {@link #LEAST_DENSITY}; a layer has two patterns, its own and the transposed one.
 */
final class DenseTwins {

  /** Below this the sparse product is faster for every shape that was measured. */
  private static final double LEAST_DENSITY = 0.25;

  private static final int ROUNDS = 3;
  private static final String DENSE = "dense";
  private static final String SPARSE = "sparse";

  private final Map<int[], DenseTwin> twins = new WeakHashMap<>();
  private final Map<String, String> choices = new TreeMap<>();
  private String part = "";

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
  }

  /**
   * Returns the twin of a pattern, or null if it is not nearly dense.
   *
   * @param csr its column array is what the pattern is known by
   */
  DenseTwin of(CsrMatrix csr) {
    if (csr.nnz() < LEAST_DENSITY * csr.cells() || csr.nnz() == 0) {
      return null;
    }
    DenseTwin twin = twins.get(ints(csr.column()));
    if (twin == null) {
      twin = new DenseTwin(csr);
      twins.put(ints(csr.column()), twin);
    }
    return twin;
  }

  /** A product in two ways. */
  interface Product {

    void run(boolean densely);
  }

  /**
   * Chooses the product of a twin.
   *
   * @param operation for the name of the choice
   */
  void choose(DenseTwin twin, CsrMatrix csr, String operation, Product product) {
    String name =
        String.format(
            Locale.ROOT,
            "%s %s at %.1f",
            part.isEmpty() ? shape(csr) : part,
            operation,
            csr.density());
    String known = choices.get(name);
    if (known == null) {
      long sparse = Long.MAX_VALUE;
      long dense = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        sparse = Math.min(sparse, time(product, false));
        dense = Math.min(dense, time(product, true));
      }
      known = dense < sparse ? DENSE : SPARSE;
      choices.put(name, known);
    }
    twin.choose(known.equals(DENSE));
  }

  private static String shape(CsrMatrix csr) {
    return csr.rows() + "x" + csr.columns();
  }

  private static long time(Product product, boolean densely) {
    long started = System.nanoTime();
    product.run(densely);
    return System.nanoTime() - started;
  }
}
