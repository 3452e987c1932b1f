/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import org.espalier.nn.GradientSink;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.nn.Pass;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.train.BatchLoader;
import org.espalier.train.SampleSource;

/** The L2 norm of the gradient of the mean loss over the connections there are; no biases. */
final class GradientNorm {

  private GradientNorm() {}

  /**
   * Computes the norm on one batch, without dropout.
   *
   * @param batch samples, at most the network's largest batch
   */
  static double of(Network network, Loss loss, SampleSource batch) {
    int n = batch.size();
    int stride = Tensor.strideFor(n);
    long size = (2L + network.outputs()) * stride;
    try (BatchLoader loader = new BatchLoader(network, batch, n);
        DeviceBuffer memory = network.backend().memory().allocate(ElementType.FLOAT32, size)) {
      Tensor outputs = network.forward(loader.load(0), Pass.PREDICT);
      Tensor outcome = new Tensor(memory, 0, 2, n, stride);
      Tensor gradient = new Tensor(memory, 2L * stride, network.outputs(), n, stride);
      loss.apply(network.backend().losses(), outputs, loader.labels(), 1f / n, gradient, outcome);
      network.backward(gradient, false, GradientSink.keep(network.backend()));
    }
    double squares = 0;
    for (Parameter parameter : network.parameters()) {
      if (parameter.decays()) {
        squares += network.backend().updates().sumOfSquares(parameter.gradient(), parameter.size());
      }
    }
    return Math.sqrt(squares);
  }
}
