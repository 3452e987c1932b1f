/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.util.List;
import java.util.function.Consumer;
import org.espalier.backend.Backend;
import org.espalier.backend.PendingFloats;
import org.espalier.benchmarks.ReferenceNet;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.optim.Sgd;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;
import org.espalier.topology.PruneAndGrow;
import org.espalier.topology.TopologyMemory;
import org.espalier.topology.TopologyUpdate;
import org.espalier.train.BatchLoader;
import org.espalier.train.TrainingStep;

/**
 * Training steps of a reference network as the training loop does them: a random batch goes up, and
 * the losses of a step are looked at when the next one is under way.
 */
final class StepWork implements Timed.Prepared {

  /** What is timed, as the report looks for it. */
  static final String STEP = "training step";

  static final String UPDATE = "topology update";

  private final Network network;
  private final TrainingStep step;
  private final BatchLoader loader;
  private final Consumer<StepWork> work;
  private final float[] losses = new float[ReferenceNet.BATCH];
  private PendingFloats pending;
  private int batch;
  private int update;

  private StepWork(Backend backend, ReferenceNet net, Consumer<StepWork> work) {
    this.work = work;
    network = net.build(backend);
    step =
        new TrainingStep(
            network,
            new Loss.SoftmaxCrossEntropy(0),
            new Sgd(0.9f, false, 0),
            0,
            ReferenceNet.BATCH);
    loader = new BatchLoader(network, ReferenceNet.samples(), ReferenceNet.BATCH);
    step(); // builds the transposed copies
  }

  /** Returns what there is to time about a network: a step, and an update of its sparse layers. */
  static List<Timed> all(Backend backend, String name) {
    ReferenceNet net = ReferenceNet.of(name);
    String shape = "net %s, batch %d".formatted(name, ReferenceNet.BATCH);
    return List.of(
        new Timed(
            STEP,
            shape,
            net.flops(),
            0,
            Double.NaN,
            () -> new StepWork(backend, net, StepWork::step)),
        new Timed(
            UPDATE, shape, 0, 0, Double.NaN, () -> new StepWork(backend, net, StepWork::evolve)));
  }

  @Override
  public void run() {
    work.accept(this);
  }

  private void evolve() {
    Backend backend = network.backend();
    for (SparseWeights weights : network.sparseWeights()) {
      boolean copied = weights.transposed().isPresent();
      PruneAndGrow.set()
          .update(TopologyUpdate.of(backend, new TopologyMemory(), weights, ++update));
      if (copied) {
        weights.setTransposed(backend.topology().transpose(weights.csr()));
      }
    }
  }

  private void step() {
    int inEpoch = batch % loader.batches();
    if (inEpoch == 0) {
      loader.shuffle(1, batch);
    }
    batch++;
    Tensor outcome = step.forward(loader.load(inEpoch), loader.labels(), Pass.PREDICT);
    step.update(0.01);
    PendingFloats before = pending;
    pending =
        network
            .backend()
            .memory()
            .downloadLater(outcome.buffer(), outcome.offset(), outcome.positions());
    if (before != null) {
      before.get(losses, 0);
    }
  }

  @Override
  public void close() {
    loader.close();
    step.close();
    network.close();
  }
}
