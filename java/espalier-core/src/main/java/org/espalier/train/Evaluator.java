/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.nn.Loss;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** Runs a network over labelled samples without changing it. */
public final class Evaluator {

  private Evaluator() {}

  /**
   * Returns loss and accuracy over all samples of a source.
   *
   * @throws org.espalier.UserException if there are none or they do not fit the network
   */
  public static Evaluation evaluate(Network network, Loss loss, SampleSource source) {
    BatchLoader.check("test", network, source);
    int batch = Math.min(network.maxPositions(), source.size());
    int stride = Tensor.strideFor(batch);
    Tally tally = new Tally(batch);
    try (BatchLoader loader = new BatchLoader(network, source, batch);
        DeviceBuffer outcomes =
            network.backend().memory().allocate(ElementType.FLOAT32, 2L * stride)) {
      BatchOutcome before = null;
      for (int b = 0; b < loader.batches(); b++) {
        Tensor outputs = network.forward(loader.load(b), Pass.PREDICT);
        Tensor outcome = new Tensor(outcomes, 0, 2, outputs.positions(), stride);
        loss.apply(network.backend().losses(), outputs, loader.labels(), 0, null, outcome);
        BatchOutcome pending = BatchOutcome.read(network.backend().memory(), outcome);
        if (before != null) {
          tally.add(before);
        }
        before = pending;
      }
      tally.add(before);
    }
    return tally.result();
  }
}
