/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.espalier.UserException;
import org.espalier.nn.Network;
import org.espalier.train.TrainingResult;

/**
 * The result of a run, as in summary.json. Numbers that are not known are null there, and NaN or
 * null here. Seconds and samples count all parts of a run that was resumed.
 *
 * @param recipe name of the recipe
 * @param data name of the data set
 * @param backend what computed
 * @param seed of all random choices
 * @param epochs epochs done
 * @param testAccuracy of the network as it is, in [0, 1]
 * @param testTop5Accuracy share of test samples whose label is among the five best classes; not
 *     known if there are five classes or fewer
 * @param bestTestAccuracy best of all epochs
 * @param bestEpoch when that was, from 1
 * @param testLoss of the network as it is
 * @param activeWeights connections
 * @param denseWeights weights of the same network without sparsity
 * @param density the share of the two
 * @param trainSeconds in training steps
 * @param trainSecondsPerEpoch the same for an epoch
 * @param topologySeconds in topology updates
 * @param evaluateSeconds on the test samples
 * @param samplesPerSecond training samples in a second of training
 * @param trainFlops floating-point operations of all layers with weights in training steps and
 *     topology updates
 * @param inferenceFlops the same in a forward pass of one sample
 * @param networkBytes memory of weights, indices, optimizer state, activations and batches
 * @param networkBytesPerSample the same divided by the samples of the largest batch
 * @param brokenImages image files that could not be decoded, for which others were taken
 * @param peakRssBytes most memory the process held; null where the system does not tell
 * @param threads of the backend
 * @param javaVersion of the running Java
 * @param espalierVersion of this program
 * @param finished whether all epochs of the recipe are done
 * @param startedAt when this part of the run began, as ISO 8601 says it
 * @param topology what became of the connections
 */
public record RunSummary(
    String recipe,
    String data,
    String backend,
    long seed,
    int epochs,
    double testAccuracy,
    double testTop5Accuracy,
    double bestTestAccuracy,
    int bestEpoch,
    double testLoss,
    long activeWeights,
    long denseWeights,
    double density,
    double trainSeconds,
    double trainSecondsPerEpoch,
    double topologySeconds,
    double evaluateSeconds,
    double samplesPerSecond,
    double trainFlops,
    double inferenceFlops,
    long networkBytes,
    long networkBytesPerSample,
    int brokenImages,
    Long peakRssBytes,
    int threads,
    String javaVersion,
    String espalierVersion,
    boolean finished,
    String startedAt,
    TopologySummary topology) {

  /**
   * What is known of a run before it starts.
   *
   * @param recipe name of the recipe
   * @param data name of the data set
   * @param backend what computes
   * @param seed of all random choices
   * @param threads of the backend
   * @param espalierVersion of this program
   * @param startedAt now
   */
  public record Setting(
      String recipe,
      String data,
      String backend,
      long seed,
      int threads,
      String espalierVersion,
      Instant startedAt) {}

  /** Returns the summary of a run that has just come to its end, or to a stop. */
  public static RunSummary of(
      Setting setting,
      TrainingResult result,
      Network network,
      TopologySummary topology,
      int brokenImages) {
    OptionalLong peak = PeakMemory.bytes();
    long bytes = network.backend().memory().liveBytes();
    double train = result.seconds().train();
    return new RunSummary(
        setting.recipe,
        setting.data,
        setting.backend,
        setting.seed,
        result.epochs(),
        result.test() == null ? Double.NaN : result.test().accuracy(),
        result.test() == null ? Double.NaN : result.test().topFive(),
        result.bestEpoch() == 0 ? Double.NaN : result.bestTestAccuracy(),
        result.bestEpoch(),
        result.test() == null ? Double.NaN : result.test().loss(),
        network.activeWeights(),
        network.denseWeights(),
        network.activeWeights() / (double) network.denseWeights(),
        train,
        train / result.epochs(),
        result.seconds().topology(),
        result.seconds().evaluate(),
        result.samples() / train,
        result.flops(),
        network.flops(),
        bytes,
        bytes / network.maxPositions(),
        brokenImages,
        peak.isPresent() ? peak.getAsLong() : null,
        setting.threads,
        System.getProperty("java.version"),
        setting.espalierVersion,
        !result.cancelled(),
        setting.startedAt.truncatedTo(ChronoUnit.SECONDS).toString(),
        topology);
  }

  /** Writes summary.json. */
  public void write(RunDirectory run) {
    run.writeText(run.summary(), RunJson.pretty(this));
  }

  /**
   * Reads a summary.json.
   *
   * @throws UserException if it is missing or not complete
   */
  public static RunSummary read(Path file) {
    String json = RunIo.reading(file, () -> Files.readString(file));
    try {
      return RunJson.read(json, RunSummary.class);
    } catch (JsonProcessingException damaged) {
      throw new UserException(
          "%s is not a summary of a run (%s); expected the file that 'espalier train' wrote."
              .formatted(file, damaged.getOriginalMessage()),
          damaged);
    }
  }
}
