/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import org.espalier.backend.Memory;
import org.espalier.backend.SampleReader;
import org.espalier.nn.GradientSink;
import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.espalier.train.FeatureScaling;

/**
 * Loss of each sample of a batch, and its gradient by the features as they are before
 * normalisation: {@code dL/dx = scale * dL/dz} for the network's input {@code z = scale * x +
 * shift}. The network predicts, so dropout does nothing, and its parameters stay as they are.
 */
final class InputGradients implements AutoCloseable {

  private final Network network;
  private final Loss loss;
  private final int stride;
  private final float[] scale;
  private final SampleMajor gradients;
  private final DeviceBuffer scaling;
  private final DeviceBuffer labels;
  private final DeviceBuffer memory;

  /**
   * Allocates.
   *
   * @param batch largest batch, at most the network's
   */
  InputGradients(Network network, Loss loss, FeatureScaling normalization, int batch) {
    this.network = network;
    this.loss = loss;
    this.stride = Tensor.strideFor(batch);
    this.scale = normalization.scale();
    float[] both = new float[2 * scale.length];
    System.arraycopy(scale, 0, both, 0, scale.length);
    System.arraycopy(normalization.shift(), 0, both, scale.length, scale.length);
    Memory device = network.backend().memory();
    this.gradients = new SampleMajor(device);
    this.scaling = device.of(both);
    try {
      this.labels = device.allocate(ElementType.INT32, batch);
    } catch (RuntimeException | Error failure) {
      scaling.close();
      throw failure;
    }
    try {
      this.memory = device.allocate(ElementType.FLOAT32, (2L + network.outputs()) * stride);
    } catch (RuntimeException | Error failure) {
      scaling.close();
      labels.close();
      throw failure;
    }
  }

  /**
   * Computes losses and, if wanted, gradients.
   *
   * @param rows features of {@code n} samples before normalisation, sample by sample
   * @param ofLabels their labels
   * @param gradient as large as rows, overwritten with the gradient of each sample's own loss; null
   *     if not wanted
   * @param outcome {@code 2 * n}: overwritten with the losses, then 1 or 0 for right or wrong
   */
  void compute(float[] rows, int[] ofLabels, int n, float[] gradient, float[] outcome) {
    int features = network.inputs();
    SampleReader reader =
        (p, first, end, target, at) ->
            System.arraycopy(rows, p * features + first, target, at, end - first);
    Tensor input = network.input(n);
    network.backend().rows().gather(reader, scaling, input);
    Memory device = network.backend().memory();
    device.upload(ofLabels, 0, labels, 0, n);
    Tensor outputs = network.forward(input, Pass.PREDICT);
    Tensor losses = new Tensor(memory, 0, 2, n, stride);
    Tensor dOutputs =
        gradient == null ? null : new Tensor(memory, 2L * stride, network.outputs(), n, stride);
    loss.apply(network.backend().losses(), outputs, labels, 1, dOutputs, losses);
    device.download(memory, 0, outcome, 0, n);
    device.download(memory, stride, outcome, n, n);
    if (gradient != null) {
      Tensor dInput = network.backward(dOutputs, true, GradientSink.ignore());
      gradients.download(dInput, gradient, 0);
      for (int i = 0; i < n * features; i++) {
        gradient[i] *= scale[i % features];
      }
    }
  }

  @Override
  public void close() {
    scaling.close();
    labels.close();
    memory.close();
  }
}
