/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.KernelPolicy.Precision;
import org.espalier.cuda.nativeapi.NativeFailure;
import org.espalier.sparse.CsrMatrix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the tier of each sparse product: every candidate is first checked against sums in double
 * precision on the real operands, then timed on the device. What was found for a shape holds for
 * that shape, for batches up to the next power of two and for numbers of connections within about
 * 20 %.
 */
final class Tuner {

  private static final Logger LOG = LoggerFactory.getLogger(Tuner.class);

  /** Runs of each candidate, of which the median counts. */
  private static final int REPEATS = 20;

  /** The dense tiers write the matrix out; larger ones than this are left sparse. */
  private static final long LARGEST_DENSE = 512L << 20;

  /** And so are those below this density, where no dense product can be the faster one. */
  private static final double LEAST_DENSE = 0.005;

  private final CommandQueue queue;
  private final TierChoices choices;
  private final boolean measures;
  private final Map<Shape, Tier> resolved = new HashMap<>(); // so that a step need not spell names
  private KernelPolicy policy = KernelPolicy.DEFAULT;

  /** What a choice holds for. */
  private record Shape(
      String product, int rows, int columns, int batch, int connections, Precision precision) {

    static Shape of(String product, CsrMatrix csr, int positions, Precision precision) {
      int batch = 32 - Integer.numberOfLeadingZeros(positions - 1); // a power of two
      int connections = (int) Math.round(Math.log(csr.nnz()) / Math.log(1.4)); // within 20 %
      return new Shape(product, csr.rows(), csr.columns(), batch, connections, precision);
    }

    String name() {
      String rounding =
          switch (precision) {
            case FP32_EXACT -> "exact";
            case TF32 -> "tf32";
            case BF16 -> "bf16";
          };
      return "%s.%dx%d.batch%d.nnz%d.%s"
          .formatted(product, rows, columns, batch, connections, rounding);
    }
  }

  /** A product that can be tried: once in each tier, on operands that it leaves as they are. */
  interface Trial {

    /** Appends the product's command. */
    void append(Tier tier);

    /**
     * Returns the largest error of a sample of the results of the command before, in units of what
     * single precision explains; NaN if one is not a number.
     */
    double error();
  }

  /**
   * Creates a tuner.
   *
   * @param measures whether times mean anything on this device
   */
  Tuner(CommandQueue queue, TierChoices choices, boolean measures) {
    this.queue = queue;
    this.choices = choices;
    this.measures = measures;
  }

  void use(KernelPolicy wanted) {
    policy = wanted;
    resolved.clear();
  }

  /** Takes choices made elsewhere. */
  void use(Map<String, String> made) {
    choices.use(made);
    resolved.clear();
  }

  /** Returns all choices, by shape. */
  Map<String, String> choices() {
    return choices.all();
  }

  /**
   * Returns the tier that a product takes.
   *
   * @param product its name
   * @param slabs whether there is a slab index
   * @param trial the product, should it have to be tried
   */
  Tier tier(String product, CsrMatrix csr, int positions, boolean slabs, Trial trial) {
    if (csr.nnz() == 0 || positions == 0) {
      return Tier.AUTO;
    }
    Shape shape = Shape.of(product, csr, positions, policy.precision());
    Tier known = resolved.get(shape);
    if (known == null) {
      known = choices.of(shape.name()).filter(this::allowed).orElse(null);
      if (known == null && policy.tune() && measures) {
        known = fastest(shape.name(), candidates(csr, slabs), trial);
        choices.add(shape.name(), known);
      }
      known = known == null ? Tier.byRule(policy.precision()) : known;
      resolved.put(shape, known);
    }
    return slabs ? known : known.withoutSlabs();
  }

  /** Choices may come from elsewhere, but none of them makes a product round more than it may. */
  private boolean allowed(Tier tier) {
    return tier.allowedBy(policy.precision());
  }

  private List<Tier> candidates(CsrMatrix csr, boolean slabs) {
    List<Tier> candidates = new ArrayList<>(List.of(Tier.GATHER, Tier.GATHER_16));
    if (slabs) {
      candidates.addAll(List.of(Tier.SLAB, Tier.SLAB_16));
    }
    long dense = (long) Float.BYTES * csr.rows() * csr.columns();
    if (dense <= LARGEST_DENSE && csr.density() >= LEAST_DENSE) {
      candidates.addAll(List.of(Tier.DENSE, Tier.TENSOR));
    }
    return candidates.stream().filter(this::allowed).toList();
  }

  private Tier fastest(String shape, List<Tier> candidates, Trial trial) {
    Tier fastest = Tier.GATHER;
    double least = Double.POSITIVE_INFINITY;
    for (Tier tier : candidates) {
      try {
        double seconds = queue.time(() -> trial.append(tier), REPEATS);
        double error = trial.error();
        if (!(error <= tier.allowedError())) {
          LOG.warn("{}: tier {} is wrong by {} units and is not used", shape, tier, error);
        } else if (seconds < least) {
          least = seconds;
          fastest = tier;
        }
        LOG.debug("{}: tier {} takes {} us", shape, tier, seconds * 1e6);
      } catch (NativeFailure failure) {
        if (failure.status().losesContext()) {
          throw failure;
        }
        LOG.info("{}: tier {} passed over: {}", shape, tier, failure.getMessage());
      }
    }
    return fastest;
  }
}
