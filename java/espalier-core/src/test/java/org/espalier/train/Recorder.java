/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps what a run reports, without the seconds, and its checkpoints. */
final class Recorder implements TrainingListener {

  private static final Seconds NONE = new Seconds(0, 0, 0);

  /** One report: an {@link EpochReport} or a {@link TopologyReport}, and the epoch it is of. */
  record Report(int epoch, Record figures) {}

  /** A checkpoint and how many reports came before it. */
  record Checkpoint(int epoch, State state, int reportsBefore) {}

  final List<Report> reports = new ArrayList<>();
  final List<Checkpoint> checkpoints = new ArrayList<>();
  final List<Double> losses = new ArrayList<>();
  final List<String> order = new ArrayList<>();
  private final Consumer<Recorder> afterStep;

  Recorder() {
    this(self -> {});
  }

  /** Also does something after every step. */
  Recorder(Consumer<Recorder> afterStep) {
    this.afterStep = afterStep;
  }

  @Override
  public void onStep(int epoch, int step, int steps, double loss) {
    losses.add(loss);
    order.add("step %d of %d in %d".formatted(step, steps, epoch));
    afterStep.accept(this);
  }

  @Override
  public void onEpoch(EpochReport r) {
    order.add("epoch " + r.epoch());
    reports.add(
        new Report(
            r.epoch(),
            new EpochReport(
                r.epoch(),
                r.epochs(),
                r.step(),
                r.train(),
                r.test(),
                r.learningRate(),
                r.activeWeights(),
                r.density(),
                r.layers(),
                NONE)));
  }

  @Override
  public void onTopologyUpdate(TopologyReport r) {
    order.add("update " + r.update());
    reports.add(
        new Report(r.epoch(), new TopologyReport(r.update(), r.epoch(), r.step(), r.changes(), 0)));
  }

  /** Copies the state, which is valid during the call only. */
  @Override
  public void onCheckpoint(int epoch, State state) {
    order.add("checkpoint " + epoch);
    State copy = new State("checkpoint");
    state
        .values()
        .forEach(
            (name, value) -> {
              if (value instanceof float[] floats) {
                copy.put(name, floats.clone());
              } else if (value instanceof int[] ints) {
                copy.put(name, ints.clone());
              } else if (value instanceof Long number) {
                copy.put(name, number.longValue());
              } else {
                copy.put(name, ((Double) value).doubleValue());
              }
            });
    checkpoints.add(new Checkpoint(epoch, copy, reports.size()));
  }
}
