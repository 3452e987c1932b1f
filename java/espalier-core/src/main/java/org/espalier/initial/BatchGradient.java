/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.initial;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.espalier.backend.Backend;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.train.BatchLoader;
import org.espalier.train.SampleSource;

/** The gradient of the mean loss over one batch, again and again while the weights change. */
final class BatchGradient implements AutoCloseable {

  private static final int OUTCOME_ROWS = 2;

  private final Network network;
  private final UnaryOperator<Tensor> forward;
  private final Consumer<Tensor> backward;
  private final Loss loss;
  private final float temperature;
  private final BatchLoader loader;
  private final DeviceBuffer memory;
  private final Tensor outcome;
  private final Tensor outputs;

  /**
   * Prepares gradients.
   *
   * @param forward from inputs to outputs
   * @param backward takes the gradient of the outputs, leaves those of the parameters
   * @param samples the batch
   * @param temperature outputs are divided by it before the loss
   */
  BatchGradient(
      Network network,
      UnaryOperator<Tensor> forward,
      Consumer<Tensor> backward,
      SampleSource samples,
      Loss loss,
      float temperature) {
    this.network = network;
    this.forward = forward;
    this.backward = backward;
    this.loss = loss;
    this.temperature = temperature;
    int n = samples.size();
    int stride = Tensor.strideFor(n);
    int rows = network.outputs();
    BatchLoader.check("scoring", network, samples);
    this.memory =
        network
            .backend()
            .memory()
            .allocate(ElementType.FLOAT32, (long) (OUTCOME_ROWS + rows) * stride);
    this.outcome = new Tensor(memory, 0, OUTCOME_ROWS, n, stride);
    this.outputs = new Tensor(memory, (long) OUTCOME_ROWS * stride, rows, n, stride);
    try {
      this.loader = new BatchLoader(network, samples, n);
    } catch (RuntimeException | Error failure) {
      memory.close();
      throw failure;
    }
  }

  /** Leaves the gradients in the buffers of the network's parameters. */
  void compute() {
    Backend backend = network.backend();
    Tensor made = forward.apply(loader.load(0));
    float[] row = new float[made.positions()];
    for (int r = 0; r < made.rows(); r++) {
      long from = made.offset() + (long) r * made.stride();
      backend.memory().download(made.buffer(), from, row, 0, row.length);
      for (int p = 0; p < row.length; p++) {
        row[p] /= temperature;
      }
      long at = outputs.offset() + (long) r * outputs.stride();
      backend.memory().upload(row, 0, memory, at, row.length);
    }
    float scale = 1f / (row.length * temperature);
    loss.apply(backend.losses(), outputs, loader.labels(), scale, outputs, outcome);
    backward.accept(outputs);
  }

  @Override
  public void close() {
    memory.close();
    loader.close();
  }
}
