/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.plasticity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.espalier.UserException;
import org.espalier.nn.Network;
import org.espalier.optim.LearningRate;
import org.espalier.plasticity.Snapshots.Snapshot;
import org.espalier.sparse.Keys;
import org.espalier.topology.TopologyChange;
import org.espalier.topology.UpdateSchedule;
import org.espalier.train.DivergenceException;
import org.espalier.train.Evaluator;
import org.espalier.train.NetworkState;
import org.espalier.train.SampleSource;
import org.espalier.train.SingleUpdate;
import org.espalier.train.TopologyPlan;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.espalier.train.TrainingResult;

/**
 * The pruning plasticity of a network (Liu et al. 2021, section 3): it is trained once, taken up
 * again from several points of that run, pruned there in one shot, and trained on at the learning
 * rate of that point. Plasticity is the accuracy after that less the accuracy before pruning.
 *
 * <p>All trials of a point see the same samples in the same order, and draw the same dropout.
 */
public final class PlasticityExperiment {

  private static final int CONTINUATION = 15; // what a seed is used for, beside those of training

  private final Network network;
  private final TrainingPlan plan;
  private final SampleSource train;
  private final SampleSource test;
  private final PlasticityRequest request;
  private final PlasticityListener listener;
  private final int trials;
  private int trial;
  private volatile Trainer trainer;
  private volatile boolean cancelled;

  /**
   * Prepares the experiment.
   *
   * @param network as it is before training, built for the plan's batches and those of the
   *     request's gradients; stays the caller's, and is left as the last trial left it
   * @param plan of the run to prune
   * @throws UserException if the network has no connections to prune
   */
  public PlasticityExperiment(
      Network network,
      TrainingPlan plan,
      SampleSource train,
      SampleSource test,
      PlasticityRequest request,
      PlasticityListener listener) {
    if (network.sparseWeights().isEmpty()) {
      throw new UserException(
          "The network has dense layers only, and nothing to prune; expected sparse layers, with density.overall=1 to start with all connections.");
    }
    this.network = network;
    this.plan = plan;
    this.train = train;
    this.test = test;
    this.request = request;
    this.listener = listener;
    this.trials = points() * request.trialsAtPoint();
  }

  /** Returns at how many points of the run it prunes. */
  public int points() {
    return request.epochsOf(plan.epochs()).size();
  }

  /** Makes {@link #run} return after the running step; may be called from any thread. */
  public void cancel() {
    cancelled = true;
    Trainer running = trainer;
    if (running != null) {
      running.cancel();
    }
  }

  /**
   * Trains, prunes and trains on.
   *
   * @param run is told about the run that is pruned
   * @return the points that were finished before it was cancelled
   * @throws DivergenceException if the run to prune diverges; a trial that does is a result
   */
  public List<PlasticityPoint> run(TrainingListener run) {
    Snapshots snapshots = new Snapshots(network, request.epochsOf(plan.epochs()), run);
    fit(plan, snapshots);
    List<PlasticityPoint> points = new ArrayList<>();
    for (Snapshot snapshot : snapshots.taken()) {
      point(snapshot)
          .ifPresent(
              point -> {
                points.add(point);
                listener.onPoint(point);
              });
    }
    return points;
  }

  private TrainingResult fit(TrainingPlan how, TrainingListener told) {
    Trainer loop = new Trainer(network, how, told);
    trainer = loop;
    if (cancelled) {
      loop.cancel();
    }
    return loop.fit(train, test);
  }

  /** Returns what came of a point, or nothing if it was cancelled meanwhile. */
  private Optional<PlasticityPoint> point(Snapshot snapshot) {
    if (cancelled) {
      return Optional.empty();
    }
    TrainingPlan continuation = continuation(snapshot);
    NetworkState.restore(network, snapshot.state());
    long connections = connections();
    double before = accuracy();
    double unpruned = trainOn(continuation);
    List<PlasticityTrial> tried = new ArrayList<>();
    for (double remove : request.remove()) {
      for (PruningMethod method : PruningMethod.values()) {
        if (!cancelled) {
          NetworkState.restore(network, snapshot.state());
          tried.add(trial(continuation, before, remove, method));
        }
      }
    }
    return cancelled
        ? Optional.empty()
        : Optional.of(
            new PlasticityPoint(
                snapshot.epoch(),
                snapshot.learningRate(),
                connections,
                before,
                unpruned,
                unpruned - before,
                tried));
  }

  /** Its samples come in an order of their own, not again in that of the run's first epochs. */
  private TrainingPlan continuation(Snapshot snapshot) {
    return new TrainingPlan(
        request.epochs(),
        plan.batchSize(),
        Keys.of(plan.seed(), CONTINUATION, snapshot.epoch()),
        plan.loss(),
        plan.optimizer(),
        new LearningRate.Constant(snapshot.learningRate()),
        plan.clipNorm(),
        null,
        request.epochs(),
        plan.refinements().withEvaluateEvery(request.epochs()).withAverageDecay(0));
  }

  private PlasticityTrial trial(
      TrainingPlan continuation, double before, double remove, PruningMethod method) {
    TopologyPlan once =
        new TopologyPlan(
            method.rule(remove, request.exchange()),
            UpdateSchedule.everyEpoch(),
            request.gradientBatches());
    List<TopologyChange> changes =
        SingleUpdate.apply(network, continuation.withTopology(once), train);
    double pruned = accuracy();
    long connections = connections();
    double after = trainOn(continuation);
    return new PlasticityTrial(
        remove,
        method,
        changes.stream().mapToLong(TopologyChange::pruned).sum(),
        changes.stream().mapToLong(TopologyChange::grown).sum(),
        connections,
        pruned,
        after,
        after - before);
  }

  /** Returns the accuracy after the continuation; NaN if it diverged or was cancelled. */
  private double trainOn(TrainingPlan continuation) {
    int number = ++trial;
    TrainingListener steps =
        new TrainingListener() {
          @Override
          public void onStep(int epoch, int step, int all, double loss) {
            double done = epoch - 1 + step / (double) all;
            listener.onStep(number, trials, done / continuation.epochs());
          }
        };
    try {
      TrainingResult result = fit(continuation, steps);
      return result.cancelled() ? Double.NaN : result.test().accuracy();
    } catch (DivergenceException diverged) {
      return Double.NaN;
    }
  }

  private double accuracy() {
    return Evaluator.evaluate(network, plan.loss(), test).accuracy();
  }

  private long connections() {
    return network.sparseWeights().stream().mapToLong(weights -> weights.csr().nnz()).sum();
  }
}
