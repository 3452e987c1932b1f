/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.UserException;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private static final ValueRule NORMAL = new ValueRule(ValueRule.Kind.NORMAL, 1);

  /** Logits of two classes whose first has the given probability. */
  private static float logit(double probability) {
    return (float) Math.log(probability / (1 - probability));
  }

  @Test
  void fourSamplesByHand() {
    // confidences 0.9 and 0.9 (one right), 0.6 (right), 0.7 (wrong)
    float[] logits = {logit(0.9), 0, logit(0.9), 0, 0, logit(0.6), 0, logit(0.7)};
    Predictions predictions = new Predictions(logits, new int[] {0, 1, 1, 0}, 2);
    Calibration found = Calibration.of(predictions, 1);
    assertEquals(0.5, found.accuracy());
    double nll = -(Math.log(0.9) + Math.log(0.1) + Math.log(0.6) + Math.log(0.3)) / 4;
    assertEquals(nll, found.nll(), 1e-7);
    double brier = 2 * (0.01 + 0.81 + 0.16 + 0.49) / 4;
    assertEquals(brier, found.brier(), 1e-7);
    // bins: (13/15, 14/15] has 2 with accuracy 1/2; 0.6 = 9/15 is in bin 8; 0.7 in bin 10
    double ece = (2 * Math.abs(0.5 - 0.9) + Math.abs(1 - 0.6) + Math.abs(0 - 0.7)) / 4;
    assertEquals(ece, found.ece(), 1e-7);
    assertEquals(2, found.bins().get(13).count());
    assertEquals(0.5, found.bins().get(13).accuracy());
    assertEquals(0.9, found.bins().get(13).confidence(), 1e-7);
    assertEquals(1, found.bins().get(10).count());
    assertEquals(0, found.bins().get(0).count());
    assertTrue(Double.isNaN(found.bins().get(0).accuracy()));
  }

  @Test
  void matchesAPlainComputationOfManySamples() {
    int classes = 7;
    int n = 500;
    Predictions predictions = random(n, classes, 1.5);
    for (double temperature : new double[] {0.5, 1, 3}) {
      Calibration found = Calibration.of(predictions, temperature);
      double[] sumConfidence = new double[15];
      double[] sumHit = new double[15];
      double nll = 0;
      for (int i = 0; i < n; i++) {
        double total = 0;
        for (int c = 0; c < classes; c++) {
          total += Math.exp(predictions.logit(i, c) / temperature);
        }
        int best = predictions.predicted(i);
        double confidence = Math.exp(predictions.logit(i, best) / temperature) / total;
        for (int b = 0; b < 15; b++) {
          if (confidence > b / 15.0 && confidence <= (b + 1) / 15.0) {
            sumConfidence[b] += confidence;
            sumHit[b] += best == predictions.label(i) ? 1 : 0;
          }
        }
        nll -= Math.log(Math.exp(predictions.logit(i, predictions.label(i)) / temperature) / total);
      }
      double ece = 0;
      for (int b = 0; b < 15; b++) {
        ece += Math.abs(sumHit[b] - sumConfidence[b]) / n;
      }
      assertEquals(ece, found.ece(), 1e-9);
      assertEquals(nll / n, found.nll(), 1e-9);
      assertEquals(n, found.bins().stream().mapToInt(ReliabilityBin::count).sum());
    }
  }

  @Test
  void certainAndHugeLogitsStayFinite() {
    Predictions right = new Predictions(new float[] {3e38f, -3e38f}, new int[] {0}, 2);
    assertEquals(0, Calibration.of(right, 1).nll());
    assertEquals(0, Calibration.of(right, 1).ece());
    Predictions wrong = new Predictions(new float[] {1000, 0}, new int[] {1}, 2);
    assertEquals(1000, Calibration.of(wrong, 1).nll());
    assertEquals(1, Calibration.of(wrong, 1).ece());
    assertEquals(2, Calibration.of(wrong, 1).brier());
  }

  @Test
  void outputsThatAreNotFiniteAreRefused() {
    float[] logits = {1, 2, 3, Float.NaN};
    UserException refused =
        assertThrows(UserException.class, () -> new Predictions(logits, new int[] {0, 1}, 2));
    assertTrue(refused.getMessage().contains("sample 1"), refused.getMessage());
  }

  /** Labels drawn from the softmax of logits, which are then multiplied by a factor. */
  private static Predictions random(int n, int classes, double factor) {
    float[] logits = new float[n * classes];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      double total = 0;
      for (int c = 0; c < classes; c++) {
        logits[i * classes + c] = 2 * NORMAL.valueAt(1, i * classes + c);
        total += Math.exp(logits[i * classes + c]);
      }
      double draw = (Keys.of(2, i) >>> 11) * 0x1p-53 * total;
      for (int c = 0; c < classes && draw >= 0; c++) {
        labels[i] = c;
        draw -= Math.exp(logits[i * classes + c]);
      }
      for (int c = 0; c < classes; c++) {
        logits[i * classes + c] *= (float) factor;
      }
    }
    return new Predictions(logits, labels, classes);
  }

  @Test
  void temperatureScalingFindsAKnownTemperature() {
    for (double known : new double[] {0.4, 1, 2.5}) {
      Predictions predictions = random(20_000, 5, known);
      TemperatureScaling found = TemperatureScaling.fit(predictions);
      assertEquals(known, found.temperature(), 0.04 * known);
      double best = predictions.nll(1 / found.temperature());
      assertTrue(best <= predictions.nll(1.002 / found.temperature()));
      assertTrue(best <= predictions.nll(0.998 / found.temperature()));
      assertTrue(Calibration.of(predictions, found.temperature()).ece() < 0.015);
    }
  }

  @Test
  void whereNoTemperatureIsBestTheLimitIsSaid() {
    Predictions right = new Predictions(new float[] {1, 0, 0, 2}, new int[] {0, 1}, 2);
    TemperatureScaling sure = TemperatureScaling.fit(right);
    assertTrue(sure.atLimit());
    assertEquals(TemperatureScaling.LOWEST, sure.temperature());
    Predictions wrong = new Predictions(new float[] {1, 0, 0, 2}, new int[] {1, 0}, 2);
    assertEquals(TemperatureScaling.HIGHEST, TemperatureScaling.fit(wrong).temperature());
    assertTrue(TemperatureScaling.fit(wrong).atLimit());
  }
}
