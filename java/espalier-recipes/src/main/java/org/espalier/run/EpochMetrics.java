/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import org.espalier.train.TrainingListener.EpochReport;

/**
 * What metrics.jsonl says about an epoch. Numbers that are not finite are null there and NaN here.
 *
 * @param epoch from 1
 * @param step steps since the start of the run
 * @param trainLoss mean over the epoch's batches
 * @param trainAccuracy in [0, 1], while training
 * @param testLoss mean after the epoch; NaN if it was not evaluated
 * @param testAccuracy in [0, 1], after the epoch; NaN if it was not evaluated
 * @param testTop5Accuracy share of samples whose label is among the five best classes; NaN if it
 *     was not evaluated or there are five classes or fewer
 * @param learningRate of the last step
 * @param activeWeights connections of the network when it was evaluated
 * @param density share of the dense network's weights
 * @param layers each sparse layer, input first
 * @param trainSeconds in training steps
 * @param topologySeconds in topology updates
 * @param evaluateSeconds on the test samples
 * @param samplesPerSecond training samples in a second of training
 * @param wallTime when the epoch ended, in seconds since 1970
 */
public record EpochMetrics(
    int epoch,
    long step,
    double trainLoss,
    double trainAccuracy,
    double testLoss,
    double testAccuracy,
    double testTop5Accuracy,
    double learningRate,
    long activeWeights,
    double density,
    List<Layer> layers,
    double trainSeconds,
    double topologySeconds,
    double evaluateSeconds,
    double samplesPerSecond,
    double wallTime)
    implements Metric {

  /**
   * Connections of a layer.
   *
   * @param name of the layer
   * @param nnz connections
   * @param density share of the dense layer's weights
   */
  public record Layer(String name, int nnz, double density) {}

  /** Tells whether the network was evaluated after the epoch. */
  @JsonIgnore
  public boolean isEvaluated() {
    return !Double.isNaN(testAccuracy);
  }

  /** Copies the list. */
  public EpochMetrics {
    layers = List.copyOf(layers);
  }

  /** Returns the metrics of an epoch that ended now. */
  static EpochMetrics of(EpochReport report, Instant now) {
    double train = report.seconds().train();
    return new EpochMetrics(
        report.epoch(),
        report.step(),
        report.train().loss(),
        report.train().accuracy(),
        report.test() == null ? Double.NaN : report.test().loss(),
        report.test() == null ? Double.NaN : report.test().accuracy(),
        report.test() == null ? Double.NaN : report.test().topFive(),
        report.learningRate(),
        report.activeWeights(),
        report.density(),
        report.layers().stream()
            .map(layer -> new Layer(layer.layer(), layer.nnz(), layer.density()))
            .toList(),
        train,
        report.seconds().topology(),
        report.seconds().evaluate(),
        report.train().samples() / train,
        now.toEpochMilli() / 1000.0);
  }
}
