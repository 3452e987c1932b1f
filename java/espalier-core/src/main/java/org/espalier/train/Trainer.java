/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.List;
import org.espalier.UserException;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Network;
import org.espalier.sparse.Keys;
import org.espalier.topology.TopologyChange;
import org.espalier.topology.TopologyMemory;
import org.espalier.train.TrainingListener.EpochReport;
import org.espalier.train.TrainingListener.Seconds;
import org.espalier.train.TrainingListener.TopologyReport;

/**
 * The training loop. For each epoch: steps over shuffled batches, a checkpoint if due, an
 * evaluation if due, a topology update if due, and the epoch's report. After the steps of the last
 * epoch comes what the topology rule asks for at the end, before the evaluation.
 *
 * <p>A checkpoint is taken right after the last step of an epoch, before evaluation and update, so
 * that a resumed run can also be longer than the first one was. For the same reason an update that
 * is due after a step happens right before the next one.
 */
public final class Trainer {

  /** Prefix of the names under which a checkpoint keeps the backend's choices. */
  public static final String KERNELS = "kernel.";

  private final Network network;
  private final TrainingPlan plan;
  private final TrainingListener listener;
  private final Progress progress = new Progress();
  private final Tally tally;
  private final TopologyMemory topologyMemory = new TopologyMemory();
  private TopologyUpdates topology; // null while the plan's topology is fixed
  private final Averaging averaging;
  private volatile boolean cancelled;

  /**
   * Prepares a run.
   *
   * @param network built for batches of at least the plan's size; stays the caller's
   */
  public Trainer(Network network, TrainingPlan plan, TrainingListener listener) {
    if (network.maxPositions() < plan.batchSize()) {
      throw new IllegalArgumentException(
          "network for batches of %d, plan with batches of %d"
              .formatted(network.maxPositions(), plan.batchSize()));
    }
    this.network = network;
    this.plan = plan;
    this.listener = listener;
    this.tally = new Tally(plan.batchSize());
    plan.optimizer().prepare(network.parameters());
    this.averaging = new Averaging(network, plan);
  }

  /**
   * Takes up a run where {@link TrainingListener#onCheckpoint} left it; call before {@link #fit}.
   *
   * @throws UserException if the state does not fit the network or is beyond the plan's last epoch
   */
  public void resume(State state) {
    progress.restore(state);
    tally.restore(state);
    if (progress.epoch > plan.epochs()) {
      throw new UserException(
          "%s: the run is in epoch %d already, the plan ends after %d; expected at least as many epochs."
              .formatted(state.source(), progress.epoch, plan.epochs()));
    }
    NetworkState.restore(network, state);
    averaging.restore(state);
    TopologyMemoryState.restore(network, state, topologyMemory);
    network.backend().useKernelChoices(state.texts(KERNELS));
  }

  /** Makes {@link #fit} return after the running step; may be called from any thread. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Trains until the plan is done or {@link #cancel} is called. If the plan wants averages and is
   * done, the network then has them as its weights, and the weights as their averages.
   *
   * @throws DivergenceException if the loss becomes NaN or infinite, or a parameter is when a
   *     checkpoint is due
   * @throws UserException if the samples do not fit the network or, when resumed, are not as many
   *     as the run had
   */
  public TrainingResult fit(SampleSource train, SampleSource test) {
    BatchLoader.check("training", network, train);
    BatchLoader.check("test", network, test);
    checkBatches(train.size());
    Evaluation last;
    try (TopologyMemory memory = topologyMemory;
        TopologyUpdates updates = topologyUpdates(train, memory);
        Averaging averages = averaging) {
      topology = updates;
      averages.begin();
      last = epochs(train, test);
      if (progress.epoch > plan.epochs()) {
        averages.finish();
      }
    }
    return new TrainingResult(
        progress.epoch - 1,
        progress.step,
        last,
        Math.max(0, progress.bestAccuracy),
        progress.bestEpoch,
        progress.samples,
        progress.flops,
        progress.seconds(),
        progress.epoch <= plan.epochs());
  }

  private TopologyUpdates topologyUpdates(SampleSource train, TopologyMemory memory) {
    return plan.topology() == null
        ? null
        : new TopologyUpdates(network, plan, progress, memory, train);
  }

  private Evaluation epochs(SampleSource train, SampleSource test) {
    Evaluation last = null;
    GradientSink.Observer observer = topology == null ? null : topology.observer();
    try (BatchLoader loader = new BatchLoader(network, train, plan.batchSize());
        EpochSteps steps =
            new EpochSteps(network, plan, loader, progress, tally, averaging, observer, listener)) {
      int inEpoch = steps.inEpoch();
      for (; progress.epoch <= plan.epochs(); progress.epoch++) {
        loader.shuffle(Keys.of(plan.seed(), EpochSteps.SHUFFLE), progress.epoch);
        steps.run(() -> cancelled, () -> changeTopology(false, inEpoch));
        boolean finished = progress.stepInEpoch == inEpoch;
        if (!finished || due()) {
          checkpoint();
        }
        if (!finished) {
          break;
        }
        Evaluation evaluation = endEpoch(test, inEpoch);
        last = evaluation == null ? last : evaluation;
        progress.stepInEpoch = 0;
        progress.epochTrainSeconds = 0;
        progress.epochTopologySeconds = 0;
        tally.reset();
      }
    }
    return last;
  }

  /** A resumed run must see the same batches, or its epoch would skip or repeat samples. */
  private void checkBatches(int samples) {
    boolean resumed = progress.trainingSet != 0;
    if (resumed && (progress.trainingSet != samples || progress.batchSize != plan.stepSize())) {
      throw new UserException(
          "The run to resume had %d training samples in batches of %d, now there are %d in batches of %d; expected the same."
              .formatted(progress.trainingSet, progress.batchSize, samples, plan.stepSize()));
    }
    progress.trainingSet = samples;
    progress.batchSize = plan.stepSize();
  }

  private boolean due() {
    return progress.epoch % plan.checkpointEvery() == 0 || progress.epoch == plan.epochs();
  }

  /** The last step may have spoilt the weights, which its loss, from before, does not show. */
  private void checkpoint() {
    network
        .firstNotFinite()
        .ifPresent(
            name -> {
              throw DivergenceException.ofParameter(name, progress.epoch, progress.step);
            });
    State state = new State("checkpoint");
    progress.save(state);
    tally.save(state);
    NetworkState.save(network, state, true);
    averaging.save(state);
    TopologyMemoryState.save(network.backend().memory(), topologyMemory, state);
    network
        .backend()
        .kernelChoices()
        .forEach((shape, kernel) -> state.put(KERNELS + shape, kernel));
    listener.onCheckpoint(progress.epoch, state);
  }

  /** Returns the evaluation, or null if none was due. */
  private Evaluation endEpoch(SampleSource test, int steps) {
    boolean lastEpoch = progress.epoch == plan.epochs();
    if (lastEpoch && topology != null && topology.changesAtFinish()) {
      changeTopology(true, steps);
    }
    List<LayerConnections> layers = LayerConnections.of(network);
    long started = System.nanoTime();
    boolean due = lastEpoch || progress.epoch % plan.refinements().evaluateEvery() == 0;
    Evaluation evaluation = due ? evaluate(test) : null;
    double seconds = due ? secondsSince(started) : 0;
    progress.evaluateSeconds += seconds;
    long active = network.activeWeights();
    if (!lastEpoch
        && topology != null
        && plan.topology().schedule().dueAfterEpoch(progress.epoch, plan.epochs())) {
      changeTopology(false, steps);
    }
    listener.onEpoch(
        new EpochReport(
            progress.epoch,
            plan.epochs(),
            progress.step,
            tally.result(),
            evaluation,
            progress.learningRate,
            active,
            active / (double) network.denseWeights(),
            layers,
            new Seconds(progress.epochTrainSeconds, progress.epochTopologySeconds, seconds)));
    return evaluation;
  }

  private Evaluation evaluate(SampleSource test) {
    Evaluation evaluation =
        averaging.predicting(() -> Evaluator.evaluate(network, plan.loss(), test));
    if (evaluation.accuracy() > progress.bestAccuracy) {
      progress.bestAccuracy = evaluation.accuracy();
      progress.bestEpoch = progress.epoch;
    }
    return evaluation;
  }

  private void changeTopology(boolean finish, int steps) {
    long started = System.nanoTime();
    List<TopologyChange> changes = averaging.during(() -> topology.next(finish, steps));
    double seconds = secondsSince(started);
    progress.topologySeconds += seconds;
    progress.epochTopologySeconds += seconds;
    listener.onTopologyUpdate(
        new TopologyReport(
            progress.topologyUpdates, progress.epoch, progress.step, changes, seconds));
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }
}
