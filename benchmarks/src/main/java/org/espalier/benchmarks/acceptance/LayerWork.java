/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;

/** A square sparse layer in a backend's memory, and what training does to it. */
final class LayerWork implements Timed.Prepared {

  private static final ValueRule VALUES = new ValueRule(ValueRule.Kind.NORMAL, 0.1f);
  private static final SgdRule RULE = new SgdRule(0.9f, false, 5e-4f);

  private static final List<String> PRODUCTS = List.of("spmm", "spmm transposed", "sddmm");

  /** So small that thousands of steps change nothing much. */
  private static final float RATE = 1e-9f;

  /** The sparsities in percent at which {@link #GOAL} is expected. */
  private static final double GOAL_FROM = 95;

  private static final double GOAL_TO = 99;
  private static final double GOAL = 9_000;
  private static final int GOAL_SIZE = 4096;

  private final Backend backend;
  private final SparseWeights weights;
  private final Tensor x;
  private final Tensor y;
  private final DeviceBuffer gradient;
  private final Consumer<LayerWork> work;
  private int update;

  private LayerWork(Backend backend, int size, int nnz, int batch, Consumer<LayerWork> work) {
    this.backend = backend;
    this.work = work;
    backend.working("layer of %d x %d".formatted(size, size));
    weights =
        new SparseWeights(
            "layer", backend.topology().random(size, size, nnz, 1, VALUES, 2), VALUES);
    weights.addState(backend.memory().allocate(ElementType.FLOAT32, nnz));
    weights.setTransposed(backend.topology().transpose(weights.csr()));
    x = numbers(size, batch, 3);
    y = numbers(size, batch, 4);
    gradient = backend.memory().allocate(ElementType.FLOAT32, nnz);
  }

  private Tensor numbers(int rows, int positions, long key) {
    int stride = Tensor.strideFor(positions);
    float[] values = new float[rows * stride];
    for (int i = 0; i < values.length; i++) {
      values[i] = VALUES.valueAt(key, i);
    }
    return new Tensor(backend.memory().of(values), 0, rows, positions, stride);
  }

  /** Tells whether something timed is a product that any sparse library has. */
  static boolean isProduct(String what) {
    return PRODUCTS.contains(what);
  }

  /**
   * Returns everything there is to time about a layer.
   *
   * @param size inputs and outputs
   * @param sparsity in percent
   */
  static List<Timed> all(Backend backend, int size, double sparsity, int batch) {
    int nnz = (int) Math.round((1 - sparsity / 100) * size * size);
    double flops = 2.0 * nnz * batch;
    double csr = 4.0 * (size + 1) + 8.0 * nnz;
    double product = csr + 8.0 * size * batch;
    boolean hasGoal = size == GOAL_SIZE && sparsity >= GOAL_FROM && sparsity <= GOAL_TO;
    double goal = hasGoal ? GOAL : Double.NaN;
    String shape =
        String.format(Locale.ROOT, "%d x %d, %s %% sparse, batch %d", size, size, sparsity, batch);
    record Operation(
        String what, double flops, double bytes, double goal, Consumer<LayerWork> work) {}
    return List.of(
            new Operation(PRODUCTS.get(0), flops, product, goal, LayerWork::multiply),
            new Operation(PRODUCTS.get(1), flops, product, goal, LayerWork::multiplyTransposed),
            new Operation(PRODUCTS.get(2), flops, product, Double.NaN, LayerWork::sample),
            // reads and writes the velocity, reads the slots, writes values and copied values
            new Operation(
                "sddmm and update", flops, product + 20.0 * nnz, Double.NaN, LayerWork::learn),
            new Operation("prune", 0, 8.0 * nnz, Double.NaN, LayerWork::prune),
            new Operation(StepWork.UPDATE, 0, 0, Double.NaN, LayerWork::evolve))
        .stream()
        .map(
            one ->
                new Timed(
                    one.what(),
                    shape,
                    one.flops(),
                    one.bytes(),
                    one.goal(),
                    () -> new LayerWork(backend, size, nnz, batch, one.work())))
        .toList();
  }

  @Override
  public void run() {
    work.accept(this);
  }

  private void multiply() {
    backend.sparse().spmm(weights.csr(), null, x, y, Epilogue.NONE);
  }

  private void multiplyTransposed() {
    backend.sparse().spmmTransposed(weights.transposed().orElseThrow(), x, y, Epilogue.NONE);
  }

  private void sample() {
    backend.sparse().sddmm(weights.csr(), x, y, gradient, null);
  }

  private void learn() {
    backend.sparse().sddmmSgd(weights, x, y, weights.state().get(0), null, RULE, RATE);
  }

  private void prune() {
    try (DeviceBuffer keep = backend.memory().allocate(ElementType.INT32, weights.csr().nnz())) {
      backend.topology().pruneSignwise(weights.csr(), PruneAndGrow.set().fraction().at(0), keep);
    }
  }

  private void evolve() {
    PruneAndGrow.set().update(TopologyUpdate.of(backend, new TopologyMemory(), weights, ++update));
    weights.setTransposed(backend.topology().transpose(weights.csr()));
  }

  @Override
  public void close() {
    weights.close();
    x.buffer().close();
    y.buffer().close();
    gradient.close();
  }
}
