/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.espalier.measure.TopologyTracker;
import org.espalier.train.State;
import org.espalier.train.TrainingListener;

/**
 * Writes what a run tells while it trains: metrics, TensorBoard events, checkpoints. Everything is
 * written first and passed on to another listener then.
 */
public final class RunRecorder implements TrainingListener, AutoCloseable {

  private final RunDirectory run;
  private final Consumer<State> describe;
  private final TrainingListener next;
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private final List<TopologyMetrics> updates = new ArrayList<>();
  private final MetricsLog log;
  private Checkpoints checkpoints;
  private TensorBoardFile events;
  private Optional<TopologyTracker> tracker = Optional.empty();

  /**
   * Starts to record; takes the lock of the run.
   *
   * @param run where to; a new one unless {@link #resume} follows
   * @param describe adds to a checkpoint what it belongs to: the recipe, say
   * @param next is told everything after it was written
   */
  public RunRecorder(RunDirectory run, Consumer<State> describe, TrainingListener next) {
    run.lock();
    this.run = run;
    this.describe = describe;
    this.next = next;
    this.checkpoints = new Checkpoints(run.checkpoint(), 0);
    this.log = MetricsLog.open(run.metrics());
  }

  /**
   * Goes back to a checkpoint: forgets what the run will report again.
   *
   * @throws org.espalier.UserException if the metrics so far are damaged
   */
  public void resume(State checkpoint) {
    RunMetrics kept =
        log.truncate(
            Math.toIntExact(checkpoint.number("progress.epoch")),
            Math.toIntExact(checkpoint.number("progress.topology_updates")));
    epochs.clear();
    epochs.addAll(kept.epochs());
    updates.clear();
    updates.addAll(kept.updates());
    closeEvents();
    events = TensorBoardFile.create(run.tensorBoard(), epochs);
  }

  /**
   * Looks at the topology after each update from now on, and keeps what was seen in checkpoints.
   */
  public void track(TopologyTracker topologyTracker) {
    tracker = Optional.of(topologyTracker);
  }

  /** Keeps the checkpoints of so many epochs from now on, beside the last one. */
  public void keepCheckpoints(int count) {
    checkpoints = new Checkpoints(run.checkpoint(), count);
  }

  /** Returns what was reported so far, what a resumed run had reported before included. */
  public RunMetrics metrics() {
    return new RunMetrics(epochs, updates);
  }

  @Override
  public void onStep(int epoch, int step, int steps, double loss) {
    next.onStep(epoch, step, steps, loss);
  }

  @Override
  public void onEpoch(EpochReport report) {
    EpochMetrics metrics = EpochMetrics.of(report, Instant.now());
    epochs.add(metrics);
    log.append(metrics);
    if (events == null) {
      events = TensorBoardFile.create(run.tensorBoard(), List.of());
    }
    events.append(metrics);
    next.onEpoch(report);
  }

  @Override
  public void onTopologyUpdate(TopologyReport report) {
    TopologyMetrics metrics = TopologyMetrics.of(report, tracker.map(TopologyTracker::update));
    updates.add(metrics);
    log.append(metrics);
    next.onTopologyUpdate(report);
  }

  /** Writes the checkpoint; the metrics it counts on are on the disk before it is. */
  @Override
  public void onCheckpoint(int epoch, State state) {
    log.force();
    describe.accept(state);
    tracker.ifPresent(t -> t.save(state));
    checkpoints.write(epoch, state);
    next.onCheckpoint(epoch, state);
  }

  private void closeEvents() {
    if (events != null) {
      events.close();
      events = null;
    }
  }

  @Override
  public void close() {
    try {
      closeEvents();
    } finally {
      log.close();
    }
  }
}
