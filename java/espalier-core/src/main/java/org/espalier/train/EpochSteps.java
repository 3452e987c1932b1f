/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.sparse.Keys;
import org.espalier.tensor.Tensor;

/** The steps of an epoch, with the buffers they need. */
final class EpochSteps implements AutoCloseable {

  /** Purpose of the keys that samples are shuffled by. */
  static final int SHUFFLE = 11;

  private static final int DROPOUT = 12;

  /** Forward, backward to the activations, backward to the weights. */
  private static final double PASSES = 3;

  private final Network network;
  private final TrainingPlan plan;
  private final BatchLoader loader;
  private final Progress progress;
  private final Tally tally;
  private final Averaging averaging;
  private final TrainingListener listener;
  private final TrainingStep steps;
  private double sampleFlops; // of a forward pass, until the topology changes
  private StepTaken last; // not settled yet

  /**
   * A step that was asked for.
   *
   * @param parts its batches
   * @param inEpoch its number in the epoch, from 0
   * @param step of the run, from 0
   */
  private record StepTaken(List<Part> parts, int inEpoch, long step) {}

  /**
   * A batch of a step.
   *
   * @param batch of the epoch, from 0
   */
  private record Part(BatchOutcome outcome, int batch, Pass pass) {}

  EpochSteps(
      Network network,
      TrainingPlan plan,
      BatchLoader loader,
      Progress progress,
      Tally tally,
      Averaging averaging,
      GradientSink.Observer observer,
      TrainingListener listener) {
    this.network = network;
    this.plan = plan;
    this.loader = loader;
    this.progress = progress;
    this.tally = tally;
    this.averaging = averaging;
    this.listener = listener;
    loader.mix(plan.refinements().mixup());
    this.steps =
        new TrainingStep(
            network, plan.loss(), plan.optimizer(), plan.clipNorm(), plan.batchSize(), observer);
  }

  /** Returns the steps of a whole epoch; the last may have fewer batches than the others. */
  int inEpoch() {
    int batches = plan.refinements().accumulate();
    return (loader.batches() + batches - 1) / batches;
  }

  /**
   * Does the steps of the running epoch that are still to be done.
   *
   * @param cancelled asked before every step
   * @param topologyUpdate called when one is due after a step
   */
  void run(BooleanSupplier cancelled, Runnable topologyUpdate) {
    int inEpoch = inEpoch();
    sampleFlops = network.flops();
    while (progress.stepInEpoch < inEpoch && !cancelled.getAsBoolean()) {
      if (progress.step > 0
          && plan.topology() != null
          && plan.topology()
              .schedule()
              .dueAfterStep(progress.step, (long) plan.epochs() * inEpoch)) {
        timed(this::settleLast);
        topologyUpdate.run();
        sampleFlops = network.flops();
      }
      timed(this::step);
    }
    timed(this::settleLast);
  }

  private void timed(Runnable work) {
    long started = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - started) * 1e-9;
    progress.trainSeconds += seconds;
    progress.epochTrainSeconds += seconds;
  }

  /**
   * Does a step. Its loss is looked at before the parameters change, if it is there; otherwise
   * after the next step was asked for, so that the device need not wait. The device itself leaves
   * the parameters alone when a loss is not finite, so the diagnosis is the same.
   */
  private void step() {
    StepTaken taken = new StepTaken(forward(), progress.stepInEpoch, progress.step);
    Part newest = taken.parts().get(taken.parts().size() - 1);
    boolean now = newest.outcome().values().ready() || plan.clipNorm() > 0;
    double loss = now ? settle(taken) : 0;
    double epochFraction = progress.stepInEpoch / (double) inEpoch();
    progress.learningRate =
        plan.learningRate().at(progress.epoch - 1 + epochFraction, plan.epochs());
    steps.update(progress.learningRate);
    averaging.afterStep(progress.step);
    progress.step++;
    progress.stepInEpoch++;
    if (now) {
      report(taken, loss);
    } else {
      settleLast();
      last = taken;
    }
  }

  /** Runs the batches of a step forward, and all but the last backward. */
  private List<Part> forward() {
    int accumulate = plan.refinements().accumulate();
    int first = progress.stepInEpoch * accumulate;
    int end = Math.min(first + accumulate, loader.batches());
    int samples = loader.samples(first, end);
    List<Part> parts = new ArrayList<>(end - first);
    for (int batch = first; batch < end; batch++) {
      if (batch > first) {
        steps.accumulate();
      }
      long number = progress.step * accumulate + batch - first;
      Pass pass = Pass.training(Keys.of(plan.seed(), DROPOUT, number));
      Tensor input = loader.load(batch);
      Tensor outcome = steps.forward(input, loader.targets(), pass, samples);
      parts.add(new Part(BatchOutcome.read(network.backend().memory(), outcome), batch, pass));
      progress.samples += input.positions();
      progress.flops += PASSES * sampleFlops * input.positions();
    }
    return parts;
  }

  private void settleLast() {
    if (last != null) {
      StepTaken settled = last;
      last = null;
      report(settled, settle(settled));
    }
  }

  private double settle(StepTaken taken) {
    double sum = 0;
    int samples = 0;
    for (Part part : taken.parts()) {
      double losses = tally.add(part.outcome());
      if (!Double.isFinite(losses)) {
        throw diverged(losses, part, taken.step());
      }
      sum += losses;
      samples += part.outcome().positions();
    }
    return sum / samples;
  }

  private void report(StepTaken taken, double loss) {
    listener.onStep(progress.epoch, taken.inEpoch() + 1, inEpoch(), loss);
  }

  /** Names the weights that are spoilt, or if none are, the layer whose outputs overflow. */
  private DivergenceException diverged(double loss, Part part, long step) {
    String where =
        network
            .firstNotFinite()
            .map(name -> "first found in '" + name + "'")
            .or(
                () ->
                    network
                        .firstNotFinite(loader.load(part.batch()), part.pass())
                        .map(name -> "the outputs of '" + name + "' overflow"))
            .orElse("in the loss itself");
    return DivergenceException.ofLoss(loss, progress.epoch, step + 1, where);
  }

  @Override
  public void close() {
    steps.close();
  }
}
