/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import org.espalier.backend.Memory;
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
   * Returns loss, accuracy and top-5 accuracy over all samples of a source.
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
      Answers before = null;
      for (int b = 0; b < loader.batches(); b++) {
        Tensor outputs = network.forward(loader.load(b), Pass.PREDICT);
        Tensor outcome = new Tensor(outcomes, 0, 2, outputs.positions(), stride);
        loss.apply(network.backend().losses(), outputs, loader.labels(), 0, null, outcome);
        Answers answers = Answers.read(network.backend().memory(), outcome, outputs, loader);
        if (before != null) {
          before.addTo(tally);
        }
        before = answers;
      }
      before.addTo(tally);
    }
    return tally.result();
  }

  /**
   * What is read of a batch.
   *
   * @param five null if there are too few classes
   */
  private record Answers(BatchOutcome outcome, TopFive five) {

    static Answers read(Memory memory, Tensor outcome, Tensor outputs, BatchLoader loader) {
      TopFive five =
          TopFive.makesSense(outputs.rows())
              ? TopFive.read(memory, outputs, loader.labels(outputs.positions()))
              : null;
      return new Answers(BatchOutcome.read(memory, outcome), five);
    }

    void addTo(Tally tally) {
      tally.add(outcome);
      if (five != null) {
        tally.addAmongFive(five.hits());
      }
    }
  }
}
