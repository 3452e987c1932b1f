/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.espalier.sparse.Keys;
import org.junit.jupiter.api.Test;

class DetectionTest {

  @Test
  void fiveScoresByHand() {
    // from the top: in 4, out 3, {in 2, out 2}, in 1
    Detection found = Detection.of(new double[] {1, 4, 2}, new double[] {2, 3});
    // pairs won: 4 beats both, 2 ties one, 1 none: 2.5 of 6
    assertEquals(2.5 / 6, found.auroc(), 1e-12);
    // recall 1/3 at precision 1, 2/3 at 2/4, 1 at 3/5
    assertEquals((1 + 0.5 + 0.6) / 3, found.aupr(), 1e-12);
    assertEquals(1, found.fpr95());
  }

  @Test
  void setsThatAreApartOrTheSame() {
    Detection apart = Detection.of(new double[] {5, 6, 7}, new double[] {1, 2});
    assertEquals(1, apart.auroc());
    assertEquals(1, apart.aupr(), 1e-12);
    assertEquals(0, apart.fpr95());
    Detection reversed = Detection.of(new double[] {1, 2}, new double[] {5, 6, 7});
    assertEquals(0, reversed.auroc());
    assertEquals(1, reversed.fpr95());
    Detection same = Detection.of(new double[] {3, 3, 3}, new double[] {3, 3, 3, 3});
    assertEquals(0.5, same.auroc());
    assertEquals(3 / 7.0, same.aupr(), 1e-12);
    assertEquals(1, same.fpr95());
  }

  @Test
  void oneSampleOnEitherSide() {
    assertEquals(1, Detection.of(new double[] {2}, new double[] {1}).auroc());
    assertEquals(0, Detection.of(new double[] {1}, new double[] {2}).auroc());
    assertEquals(0.5, Detection.of(new double[] {1}, new double[] {2}).aupr());
  }

  @Test
  void nineteenOfTwentyMustPass() {
    double[] in = DoubleStream.iterate(1, x -> x + 1).limit(20).toArray();
    // the threshold is 2: 19 of 20 pass; 1.5 does not, 2 does
    Detection found = Detection.of(in, new double[] {0, 1.5, 2, 30});
    assertEquals(0.5, found.fpr95());
  }

  @Test
  void matchesBruteForceOverManyScoresWithTies() {
    for (int trial = 0; trial < 20; trial++) {
      double[] in = scores(60 + trial, 3L * trial, 5);
      double[] out = scores(45 + 2 * trial, 3L * trial + 1, 0);
      Detection found = Detection.of(in, out);
      double pairs = 0;
      for (double a : in) {
        for (double b : out) {
          pairs += a > b ? 1 : a == b ? 0.5 : 0;
        }
      }
      assertEquals(pairs / in.length / out.length, found.auroc(), 1e-12);
      double[] thresholds =
          DoubleStream.concat(Arrays.stream(in), Arrays.stream(out)).distinct().sorted().toArray();
      double precision = 0;
      double recall = 0;
      double fpr95 = Double.NaN;
      for (int t = thresholds.length - 1; t >= 0; t--) {
        double threshold = thresholds[t];
        double positive = Arrays.stream(in).filter(s -> s >= threshold).count();
        double negative = Arrays.stream(out).filter(s -> s >= threshold).count();
        precision += (positive / in.length - recall) * (positive / (positive + negative));
        recall = positive / in.length;
        if (Double.isNaN(fpr95) && recall >= 0.95) {
          fpr95 = negative / out.length;
        }
      }
      assertEquals(precision, found.aupr(), 1e-12);
      assertEquals(fpr95, found.fpr95());
    }
  }

  private static double[] scores(int count, long seed, int shift) {
    double[] scores = new double[count];
    for (int i = 0; i < count; i++) {
      scores[i] = shift + Math.floorMod(Keys.of(seed, i), 17);
    }
    return scores;
  }

  @Test
  void theCurveGoesFromCornerToCorner() {
    Detection found = Detection.of(scores(900, 1, 3), scores(900, 2, 0));
    assertEquals(new RocPoint(0, 0), found.roc().get(0));
    assertEquals(new RocPoint(1, 1), found.roc().get(found.roc().size() - 1));
    for (int i = 1; i < found.roc().size(); i++) {
      assertTrue(found.roc().get(i).fpr() >= found.roc().get(i - 1).fpr());
      assertTrue(found.roc().get(i).tpr() >= found.roc().get(i - 1).tpr());
    }
    double sum = found.histogram().inside().stream().mapToDouble(x -> x).sum();
    assertEquals(1, sum, 1e-12);
  }
}
