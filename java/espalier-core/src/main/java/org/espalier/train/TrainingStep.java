/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.backend.LossOps;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.nn.Pass;
import org.espalier.optim.GradientClipping;
import org.espalier.optim.GradientSums;
import org.espalier.optim.Optimizer;
import org.espalier.optim.UpdateSink;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * One step of training, again and again: {@link #forward}, a look at the loss if wanted, {@link
 * #update}. It allocates nothing on the way, neither in the device's memory nor on the Java heap,
 * but for a few small objects where the batch size changes or a layer draws at random.
 */
public final class TrainingStep implements AutoCloseable {

  private final Network network;
  private final Loss loss;
  private final Optimizer optimizer;
  private final double clipNorm;
  private final UpdateSink updates;
  private final GradientSink fused;
  private final GradientSink kept;
  private final GradientSums sums;
  private final DeviceBuffer memory;
  private final int stride;
  private DeviceBuffer others; // as memory, for second labels; null before there are any
  private Targets plain;
  private Tensor outcome;
  private Tensor gradient;

  /**
   * Prepares steps of a network, which stays the caller's.
   *
   * @param clipNorm largest norm of all gradients together; 0 for no clipping
   * @param batchSize largest batch
   */
  public TrainingStep(
      Network network, Loss loss, Optimizer optimizer, double clipNorm, int batchSize) {
    this(network, loss, optimizer, clipNorm, batchSize, null);
  }

  /** Prepares steps that an observer looks at, unless it is null. */
  TrainingStep(
      Network network,
      Loss loss,
      Optimizer optimizer,
      double clipNorm,
      int batchSize,
      GradientSink.Observer observer) {
    this.network = network;
    this.loss = loss;
    this.optimizer = optimizer;
    this.clipNorm = clipNorm;
    this.updates = new UpdateSink(network.backend(), optimizer);
    GradientSink keep = GradientSink.keep(network.backend());
    this.fused = observer == null ? updates : GradientSink.observed(updates, observer);
    this.kept = observer == null ? keep : GradientSink.observed(keep, observer);
    this.sums = new GradientSums(network);
    optimizer.prepare(network.parameters());
    this.stride = Tensor.strideFor(batchSize);
    // two rows of outcome, then the gradient of the outputs, which is not written over the outputs
    // because an activation as last layer needs them for its own gradient
    network.backend().working("loss");
    long size = (2L + network.outputs()) * stride;
    this.memory = network.backend().memory().allocate(ElementType.FLOAT32, size);
    view(batchSize);
  }

  private void view(int positions) {
    outcome = new Tensor(memory, 0, 2, positions, stride);
    gradient = new Tensor(memory, 2L * stride, network.outputs(), positions, stride);
  }

  /**
   * Runs a batch forward and computes the loss and its gradient, divided by the batch's size.
   *
   * @param input inputs x n, as {@link Network#input} returns it
   * @param labels at least n INT32 below the number of outputs
   * @return 2 x n: the loss of each sample, and whether it was classified correctly; valid until
   *     the next step
   */
  public Tensor forward(Tensor input, DeviceBuffer labels, Pass pass) {
    if (plain == null || plain.labels() != labels) { // a step allocates nothing
      plain = new Targets(labels, null, 1);
    }
    return forward(input, plain, pass, input.positions());
  }

  /**
   * Runs a batch forward that is one of several of a step, which has so many samples in all. With
   * two kinds of labels, the outcome and the gradient are the mean of both, weighted by their
   * shares.
   */
  Tensor forward(Tensor input, Targets targets, Pass pass, int samples) {
    int n = input.positions();
    if (n != outcome.positions()) {
      view(n);
    }
    Tensor outputs = network.forward(input, pass);
    network.backend().working("loss");
    LossOps losses = network.backend().losses();
    float scale = 1f / samples;
    loss.apply(losses, outputs, targets.labels(), scale, gradient, outcome);
    if (targets.others() != null) {
      long size = memory.length();
      if (others == null) {
        others = network.backend().memory().allocate(ElementType.FLOAT32, size);
      }
      Tensor otherOutcome = new Tensor(others, 0, 2, n, stride);
      Tensor otherGradient = new Tensor(others, 2L * stride, network.outputs(), n, stride);
      loss.apply(losses, outputs, targets.others(), scale, otherGradient, otherOutcome);
      network.backend().updates().average(memory, others, size, targets.share());
    }
    return outcome;
  }

  /** Runs the batch backward and keeps its gradients for the next {@link #update}. */
  void accumulate() {
    network.backward(gradient, false, kept);
    sums.add();
  }

  /** Runs the batch backward and changes the parameters. */
  public void update(double learningRate) {
    if (clipNorm == 0 && sums.isEmpty()) {
      updates.setLearningRate(learningRate);
      network.backward(gradient, false, fused);
      return;
    }
    network.backward(gradient, false, kept);
    sums.moveToGradients();
    var ops = network.backend().updates();
    double scale = GradientClipping.scale(ops, network.parameters(), clipNorm);
    for (Parameter parameter : network.parameters()) {
      optimizer.step(ops, parameter, learningRate, scale);
    }
  }

  /** Runs the batch backward, and only shows what the gradients are made of. */
  void show(GradientSink.Observer observer) {
    network.backward(gradient, false, GradientSink.observed(GradientSink.ignore(), observer));
  }

  @Override
  public void close() {
    sums.close();
    if (others != null) {
      others.close();
    }
    memory.close();
  }
}
