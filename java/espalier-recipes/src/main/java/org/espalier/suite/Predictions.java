/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import org.espalier.UserException;
import org.espalier.nn.Network;
import org.espalier.nn.Pass;
import org.espalier.tensor.Tensor;
import org.espalier.train.BatchLoader;
import org.espalier.train.SampleSource;

/**
 * Outputs of a network for labelled samples, taken as logits: the probability of a class is their
 * softmax, whatever loss the network was trained with.
 */
final class Predictions {

  private final float[] logits;
  private final int[] labels;
  private final int classes;

  /**
   * Wraps outputs.
   *
   * @param logits {@code labels.length x classes}, sample by sample
   */
  Predictions(float[] logits, int[] labels, int classes) {
    this.logits = logits;
    this.labels = labels;
    this.classes = classes;
    for (int i = 0; i < logits.length; i++) {
      if (!Float.isFinite(logits[i])) {
        throw new UserException(
            "Output %d of the network for sample %d is %s; expected a model whose outputs are finite."
                .formatted(i % classes, i / classes, logits[i]));
      }
    }
  }

  /** Runs a network, as for prediction, over all samples in their order. */
  static Predictions of(
      Network network, SampleSource source, String stage, SuiteProgress progress) {
    int batch = Math.min(network.maxPositions(), source.size());
    int classes = network.outputs();
    float[] logits = new float[Math.multiplyExact(source.size(), classes)];
    int[] labels = new int[source.size()];
    SampleMajor outputsOfSamples = new SampleMajor(network.backend().memory());
    try (BatchLoader loader = new BatchLoader(network, source, batch)) {
      for (int b = 0; b < loader.batches(); b++) {
        Tensor outputs = network.forward(loader.load(b), Pass.PREDICT);
        int n = outputs.positions();
        int first = b * batch;
        outputsOfSamples.download(outputs, logits, first * classes);
        for (int i = 0; i < n; i++) {
          labels[first + i] = source.label(first + i);
        }
        progress.update(stage, (long) first + n, source.size());
      }
    }
    return new Predictions(logits, labels, classes);
  }

  int size() {
    return labels.length;
  }

  int classes() {
    return classes;
  }

  int label(int sample) {
    return labels[sample];
  }

  double logit(int sample, int output) {
    return logits[sample * classes + output];
  }

  /** Returns the class of the largest output, the first of equals. */
  int predicted(int sample) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[sample * classes + c] > logits[sample * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  /**
   * Returns {@code log sum over c of exp(inverse * z_c)}; {@code inverse} is 1 / temperature. The
   * exponentials are those of StrictMath, so that the bits are the same everywhere.
   */
  double logSumExp(int sample, double inverse) {
    double most = inverse * logit(sample, predicted(sample));
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(inverse * logit(sample, c) - most);
    }
    return most + StrictMath.log(sum);
  }

  /** Writes the probabilities of a sample's classes at {@code 1 / inverse}; they sum to 1. */
  void probabilities(int sample, double inverse, double[] target) {
    double most = inverse * logit(sample, predicted(sample));
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      target[c] = StrictMath.exp(inverse * logit(sample, c) - most);
      sum += target[c];
    }
    for (int c = 0; c < classes; c++) {
      target[c] /= sum;
    }
  }

  /** Returns the mean negative log-likelihood of the labels at {@code 1 / inverse}. */
  double nll(double inverse) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += logSumExp(i, inverse) - inverse * logit(i, labels[i]);
    }
    return sum / labels.length;
  }
}
