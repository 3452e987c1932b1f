/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.Arrays;

/**
 * Matches each of n rows with a column of its own so that the sum of costs is least: the Hungarian
 * method with potentials, a shortest augmenting path for each row, O(n^3).
 */
final class Assignment {

  private static final int NOBODY = -1;

  private final float[][] cost;
  private final int n;
  private final double[] rowPotential;
  private final double[] columnPotential;
  private final int[] rowOf;

  private Assignment(float[][] cost) {
    this.cost = cost;
    this.n = cost.length;
    this.rowPotential = new double[n];
    this.columnPotential = new double[n];
    this.rowOf = new int[n];
    Arrays.fill(rowOf, NOBODY);
  }

  /**
   * Returns the column of each row.
   *
   * @param cost n rows of n finite numbers
   */
  static int[] cheapest(float[][] cost) {
    Assignment assignment = new Assignment(cost);
    for (int row = 0; row < cost.length; row++) {
      assignment.match(row);
    }
    int[] columnOf = new int[cost.length];
    for (int column = 0; column < cost.length; column++) {
      columnOf[assignment.rowOf[column]] = column;
    }
    return columnOf;
  }

  /** Finds a place for a row; rows matched before may have to move. */
  private void match(int newRow) {
    double[] distance = new double[n];
    int[] previous = new int[n];
    boolean[] done = new boolean[n];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    int row = newRow;
    int column = NOBODY;
    double reached = 0;
    while (row != NOBODY) {
      int from = column;
      int nearest = NOBODY;
      for (int c = 0; c < n; c++) {
        if (done[c]) {
          continue;
        }
        double through = reached + cost[row][c] - rowPotential[row] - columnPotential[c];
        if (through < distance[c]) {
          distance[c] = through;
          previous[c] = from;
        }
        if (nearest == NOBODY || distance[c] < distance[nearest]) {
          nearest = c;
        }
      }
      column = nearest;
      reached = distance[column];
      row = rowOf[column];
      done[column] = row != NOBODY;
    }
    rowPotential[newRow] += reached;
    for (int c = 0; c < n; c++) {
      if (done[c]) {
        rowPotential[rowOf[c]] += reached - distance[c];
        columnPotential[c] -= reached - distance[c];
      }
    }
    while (column != NOBODY) {
      int before = previous[column];
      rowOf[column] = before == NOBODY ? newRow : rowOf[before];
      column = before;
    }
  }
}
