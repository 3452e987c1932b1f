/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.espalier.backend.host.HostBuffer.BASE;

import org.espalier.backend.PruneScore;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.tensor.DeviceBuffer;

/** Scores connections, a stretch of rows at a time. */
final class PruneScores implements WorkerPool.Task {

  private static final int RANDOM_BITS = 30; // such floats are finite and below 2

  private final PruneScore score;
  private final int columns;
  private final int[] rowStart;
  private final int[] column;
  private final float[] values;
  private final float[] gradient;
  private final float[] columnSums;
  private final long key;
  private final float[] scores;
  private final int[] firstRow;

  private PruneScores(
      WorkerPool pool,
      PruneScore score,
      CsrMatrix weights,
      float[] gradient,
      long key,
      float[] scores) {
    this.score = score;
    this.columns = weights.columns();
    this.rowStart = HostBuffer.ints(weights.rowStart());
    this.column = HostBuffer.ints(weights.column());
    this.values = HostBuffer.floats(weights.values());
    this.gradient = gradient;
    this.key = key;
    this.scores = scores;
    this.firstRow =
        Parts.rows(rowStart, weights.rows(), weights.rows(), Parts.of(pool, weights.nnz()));
    this.columnSums =
        score.kind() == PruneScore.Kind.RELATIVE_IMPORTANCE ? columnSums(weights.nnz()) : null;
  }

  /** Leaves the score of connection k at {@code scores[BASE + k]}. */
  static void fill(
      WorkerPool pool,
      PruneScore score,
      CsrMatrix weights,
      DeviceBuffer gradient,
      long key,
      float[] scores) {
    boolean reads = score.kind().readsGradient();
    if (reads && gradient == null) {
      throw new IllegalArgumentException("a score by " + score.kind() + " without a gradient");
    }
    float[] slopes = reads ? HostBuffer.floats(gradient) : null;
    PruneScores task = new PruneScores(pool, score, weights, slopes, key, scores);
    pool.run(task.firstRow.length - 1, task);
  }

  @Override
  public void run(int part, int worker) {
    for (int r = firstRow[part]; r < firstRow[part + 1]; r++) {
      switch (score.kind()) {
        case MAGNITUDE_AND_GRADIENT -> magnitudeAndGradient(rowStart[r], rowStart[r + 1]);
        case TAYLOR -> taylor(rowStart[r], rowStart[r + 1]);
        case RELATIVE_IMPORTANCE -> relativeImportance(rowStart[r], rowStart[r + 1]);
        case RANDOM -> random(r);
        default -> throw new IllegalStateException(score.kind().name());
      }
    }
  }

  private void magnitudeAndGradient(int from, int to) {
    for (int k = BASE + from; k < BASE + to; k++) {
      scores[k] = Math.abs(values[k]) + score.gradientWeight() * Math.abs(gradient[k]);
    }
  }

  private void taylor(int from, int to) {
    for (int k = BASE + from; k < BASE + to; k++) {
      scores[k] = Math.abs(values[k] * gradient[k]);
    }
  }

  private void relativeImportance(int from, int to) {
    double sum = 0;
    for (int k = BASE + from; k < BASE + to; k++) {
      sum += Math.abs(values[k]);
    }
    for (int k = from; k < to; k++) {
      float magnitude = Math.abs(values[BASE + k]);
      scores[BASE + k] = share(magnitude, (float) sum) + share(magnitude, columnSums[column[k]]);
    }
  }

  private static float share(float magnitude, float sum) {
    return sum == 0 ? 0 : magnitude / sum;
  }

  private float[] columnSums(int nnz) {
    double[] sums = new double[columns];
    for (int k = 0; k < nnz; k++) {
      sums[column[k]] += Math.abs(values[BASE + k]);
    }
    float[] rounded = new float[columns];
    for (int c = 0; c < columns; c++) {
      rounded[c] = (float) sums[c];
    }
    return rounded;
  }

  private void random(int r) {
    for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
      long bits = Keys.hash(key, (long) r * columns + column[k]);
      scores[BASE + k] = Float.intBitsToFloat((int) (bits >>> Long.SIZE - RANDOM_BITS));
    }
  }
}
