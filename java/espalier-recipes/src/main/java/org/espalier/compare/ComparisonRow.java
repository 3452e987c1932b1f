/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.compare;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.espalier.run.RunSummary;

/**
 * The runs of one case, summed up. Figures are means over the seeds.
 *
 * @param label of the case
 * @param density of the network at the end
 * @param seeds number of runs
 * @param accuracy on the test samples after the last epoch, in [0, 1]
 * @param deviation standard deviation of the accuracy over the seeds (n - 1); NaN for one seed
 * @param activeWeights connections at the end
 * @param trainFlops floating-point operations of the whole training
 * @param inferenceFlops the same for predicting one sample
 * @param seconds in training steps and topology updates
 * @param networkBytes memory of weights, indices, optimizer state, activations and batches at the
 *     end
 */
public record ComparisonRow(
    String label,
    double density,
    int seeds,
    double accuracy,
    double deviation,
    double activeWeights,
    double trainFlops,
    double inferenceFlops,
    double seconds,
    double networkBytes) {

  /** Sums up at least one run. */
  public static ComparisonRow of(String label, List<RunSummary> runs) {
    double accuracy = mean(runs, RunSummary::testAccuracy);
    double squares = mean(runs, run -> Math.pow(run.testAccuracy() - accuracy, 2)) * runs.size();
    return new ComparisonRow(
        label,
        mean(runs, RunSummary::density),
        runs.size(),
        accuracy,
        runs.size() == 1 ? Double.NaN : Math.sqrt(squares / (runs.size() - 1)),
        mean(runs, RunSummary::activeWeights),
        mean(runs, RunSummary::trainFlops),
        mean(runs, RunSummary::inferenceFlops),
        mean(runs, run -> run.trainSeconds() + run.topologySeconds()),
        mean(runs, RunSummary::networkBytes));
  }

  private static double mean(List<RunSummary> runs, ToDoubleFunction<RunSummary> figure) {
    return runs.stream().mapToDouble(figure).sum() / runs.size();
  }
}
