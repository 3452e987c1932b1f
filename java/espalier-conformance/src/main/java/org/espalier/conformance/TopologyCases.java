/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.backend.TopologyOps;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Cases of {@link TopologyOps}; all results are compared exactly. */
final class TopologyCases {

  private static final long KEY = 0x746f706fL;
  private static final long VALUE_KEY = 0x76616c75L;

  private static final ValueRule NORMAL = new ValueRule(ValueRule.Kind.NORMAL, 0.1f);
  private static final ValueRule UNIFORM = new ValueRule(ValueRule.Kind.UNIFORM, 0.25f);

  static final List<Pattern> PATTERNS =
      List.of(
          Pattern.uniform(1, 1, 0),
          Pattern.uniform(1, 1, 1),
          Pattern.uniform(1, 300, 299),
          Pattern.uniform(300, 1, 150),
          Pattern.uniform(37, 53, 0),
          Pattern.uniform(37, 53, 37 * 53),
          Pattern.uniform(37, 53, 37 * 53 - 1),
          Pattern.uniform(11, 55, 293),
          Pattern.skewed(37, 53, 400),
          Pattern.uniform(200, 300, 3000),
          // canonical positions beyond 32 bits
          Pattern.uniform(100_000, 100_003, 1000));

  static final Pattern LARGE = Pattern.uniform(1024, 1024, 52_428);

  private TopologyCases() {}

  static void addTo(List<OperationCase> cases) {
    for (Pattern pattern : PATTERNS) {
      for (ValueRule rule : List.of(ValueRule.ZEROS, NORMAL, UNIFORM)) {
        cases.add(random(pattern, rule, false));
      }
      cases.add(transpose(pattern, false));
      for (double fraction : new double[] {0, 0.3, 1}) {
        for (Values values : Values.values()) {
          cases.add(pruneSignwise(pattern, values, fraction, false));
        }
        cases.add(growRandom(pattern, fraction, false));
        cases.add(rebuild(pattern, new Rebuild(fraction, true, UNIFORM, 1, true)));
      }
      cases.add(rebuild(pattern, new Rebuild(0.5, true, ValueRule.ZEROS, 0, false)));
      cases.add(rebuild(pattern, new Rebuild(0.5, true, NORMAL, 2, false)));
      cases.add(rebuild(pattern, new Rebuild(0.5, true, NORMAL, 2, true)));
      cases.add(rebuild(pattern, new Rebuild(0.5, false, NORMAL, 1, true)));
    }
    cases.add(random(LARGE, NORMAL, true));
    cases.add(transpose(LARGE, true));
    cases.add(pruneSignwise(LARGE, Values.MIXED, 0.3, true));
    cases.add(growRandom(LARGE, 0.3, true));
    cases.add(wholeUpdate(LARGE, 0.3));
  }

  /** What the weights that are pruned look like. */
  private enum Values {
    MIXED,
    POSITIVE,
    NEGATIVE,
    EQUAL_MAGNITUDES,
    MANY_ZEROS,
    ZEROS;

    float[] fill(float[] random) {
      for (int k = 0; k < random.length; k++) {
        random[k] =
            switch (this) {
              case MIXED -> random[k];
              case POSITIVE -> Math.abs(random[k]);
              case NEGATIVE -> -Math.abs(random[k]) - 0x1p-30f;
              case EQUAL_MAGNITUDES -> Math.copySign(0.5f, random[k]);
              case MANY_ZEROS -> random[k] > 0.2f ? random[k] : random[k] < -0.2f ? -0.25f : 0;
              case ZEROS -> k % 2 == 0 ? 0f : -0f;
            };
      }
      return random;
    }
  }

  /**
   * How an update is done.
   *
   * @param fraction of the weights pruned
   * @param grow whether as many are grown
   * @param rule initial value
   * @param states number of state arrays
   */
  private record Rebuild(
      double fraction, boolean grow, ValueRule rule, int states, boolean keepRegrown) {}

  private static OperationCase random(Pattern pattern, ValueRule rule, boolean benchmark) {
    return new OperationCase(
        "random",
        pattern + " " + rule.kind().name().toLowerCase(Locale.ROOT),
        0,
        8L * pattern.nnz() + 4L * pattern.rows(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          Latest<CsrMatrix> drawn = workspace.own(new Latest<>());
          return workspace.prepared(
              () ->
                  drawn.set(
                      backend
                          .topology()
                          .random(
                              pattern.rows(),
                              pattern.columns(),
                              pattern.nnz(),
                              KEY,
                              rule,
                              VALUE_KEY)),
              () -> Results.of(backend.memory(), drawn.get()));
        });
  }

  private static OperationCase transpose(Pattern pattern, boolean benchmark) {
    return new OperationCase(
        "transpose",
        pattern.toString(),
        0,
        20L * pattern.nnz() + 4L * (pattern.rows() + pattern.columns()),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          CsrMatrix csr = workspace.csr(pattern);
          Latest<TransposedCopy> copy = workspace.own(new Latest<>());
          return workspace.prepared(
              () -> copy.set(backend.topology().transpose(csr)),
              () -> {
                List<Output> results =
                    new ArrayList<>(Results.of(backend.memory(), copy.get().csr()));
                results.add(
                    Results.ints("slot", backend.memory(), copy.get().slot(), pattern.nnz()));
                return results;
              });
        });
  }

  private static OperationCase pruneSignwise(
      Pattern pattern, Values values, double fraction, boolean benchmark) {
    return new OperationCase(
        "pruneSignwise",
        "%s %s fraction=%s".formatted(pattern, values.name().toLowerCase(Locale.ROOT), fraction),
        0,
        8L * pattern.nnz(),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          float[] weights = values.fill(workspace.random(pattern.nnz(), 1));
          CsrMatrix csr = workspace.csr(pattern, weights);
          DeviceBuffer keep = workspace.blankInts(pattern.nnz());
          int[] pruned = {-1};
          return workspace.prepared(
              () -> pruned[0] = backend.topology().pruneSignwise(csr, fraction, keep),
              () ->
                  List.of(
                      Results.exact("pruned", pruned[0]),
                      Results.ints("keep", backend.memory(), keep, pattern.nnz())));
        });
  }

  /** The positions drawn are read through a rebuild: 64-bit memory is not copied to the host. */
  private static OperationCase growRandom(Pattern pattern, double fraction, boolean benchmark) {
    return new OperationCase(
        "growRandom",
        "%s after %s pruned".formatted(pattern, fraction),
        0,
        4L * pattern.nnz() + 8L * (long) (fraction * pattern.nnz()),
        benchmark,
        workspace -> {
          Backend backend = workspace.backend();
          SparseWeights weights = weights(workspace, pattern, 0);
          DeviceBuffer keep = workspace.blankInts(pattern.nnz());
          int count = backend.topology().pruneSignwise(weights.csr(), fraction, keep);
          DeviceBuffer positions = workspace.allocate(ElementType.INT64, count);
          return workspace.prepared(
              () -> backend.topology().growRandom(weights.csr(), keep, count, KEY, positions),
              () -> {
                backend
                    .topology()
                    .rebuild(weights, keep, positions, count, UNIFORM, VALUE_KEY, false);
                return Results.of(backend.memory(), weights.csr());
              });
        });
  }

  private static OperationCase rebuild(Pattern pattern, Rebuild how) {
    return new OperationCase(
        "rebuild",
        "%s %s pruned%s %s states=%d%s"
            .formatted(
                pattern,
                how.fraction(),
                how.grow() ? " and grown" : "",
                how.rule().kind().name().toLowerCase(Locale.ROOT),
                how.states(),
                how.keepRegrown() ? " regrown kept" : ""),
        0,
        (16L + 8L * how.states()) * pattern.nnz(),
        false,
        workspace -> {
          Backend backend = workspace.backend();
          TopologyOps topology = backend.topology();
          SparseWeights weights = weights(workspace, pattern, how.states());
          weights.setTransposed(topology.transpose(weights.csr()));
          DeviceBuffer keep = workspace.blankInts(pattern.nnz());
          int pruned = topology.pruneSignwise(weights.csr(), how.fraction(), keep);
          int grown = how.grow() ? pruned : 0;
          DeviceBuffer positions = how.grow() ? workspace.allocate(ElementType.INT64, grown) : null;
          if (how.grow()) {
            topology.growRandom(weights.csr(), keep, grown, KEY, positions);
          }
          return workspace.prepared(
              () ->
                  topology.rebuild(
                      weights, keep, positions, grown, how.rule(), VALUE_KEY, how.keepRegrown()),
              () -> results(backend.memory(), weights));
        });
  }

  /** Prune, grow and rebuild as training does it, to be timed: every run starts where one ended. */
  private static OperationCase wholeUpdate(Pattern pattern, double fraction) {
    return new OperationCase(
        "rebuild",
        "%s whole update of %s".formatted(pattern, fraction),
        0,
        40L * pattern.nnz(),
        true,
        workspace -> {
          Backend backend = workspace.backend();
          TopologyOps topology = backend.topology();
          SparseWeights weights = weights(workspace, pattern, 1);
          DeviceBuffer keep = workspace.blankInts(pattern.nnz());
          DeviceBuffer positions = workspace.allocate(ElementType.INT64, pattern.nnz());
          return workspace.prepared(
              () -> {
                int count = topology.pruneSignwise(weights.csr(), fraction, keep);
                topology.growRandom(weights.csr(), keep, count, KEY, positions);
                topology.rebuild(weights, keep, positions, count, NORMAL, VALUE_KEY, true);
              },
              () -> results(backend.memory(), weights));
        });
  }

  private static SparseWeights weights(Workspace workspace, Pattern pattern, int states) {
    SparseWeights weights = workspace.weights(pattern);
    for (int s = 0; s < states; s++) {
      weights.addState(workspace.backend().memory().of(workspace.random(pattern.nnz(), 1)));
    }
    return weights;
  }

  private static List<Output> results(Memory memory, SparseWeights weights) {
    int nnz = weights.csr().nnz();
    List<Output> results = new ArrayList<>(Results.of(memory, weights.csr()));
    for (DeviceBuffer state : weights.state()) {
      results.add(Results.of("state", memory, state, nnz, ErrorBound.EXACT));
    }
    results.add(Results.exact("transposed copies", weights.transposed().isPresent() ? 1 : 0));
    return results;
  }

  /** Holds what the last run returned and closes what the run before did. */
  private static final class Latest<T extends AutoCloseable> implements AutoCloseable {

    private T held;

    void set(T next) {
      close();
      held = next;
    }

    T get() {
      return held;
    }

    @Override
    public void close() {
      if (held != null) {
        try {
          held.close();
        } catch (RuntimeException failure) {
          throw failure;
        } catch (Exception failure) {
          throw new IllegalStateException(failure);
        }
        held = null;
      }
    }
  }
}
