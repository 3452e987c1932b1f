/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How far apart two layers are when it does not matter which neuron is which: one step of the
 * Neural Network Sparse Topology Distance (NNSTD) of Liu et al., Topological Insights into Sparse
 * Neural Networks (ECML PKDD 2020).
 *
 * <p>A neuron is the set of inputs it is connected to. The normalised edit distance of two neurons
 * a and b is the number of connections to add or remove, as a share of those in either,
 *
 * <pre>NED(a, b) = |a xor b| / |a or b|, 0 if both are empty.</pre>
 *
 * <p>Neurons are matched one to one so that the sum of distances is least; the mean over the pairs
 * is the distance of the layers, in [0, 1]. The inputs of the next layer's second network are then
 * renamed as the neurons were matched. The distance of two networks is the mean over their layers.
 *
 * <p>Up to {@value #EXACT} neurons the assignment is the best there is (Hungarian method). Beyond
 * that it is greedy, in memory of the order of the connections: neurons of the first layer choose
 * in turn, those with the most connections first, the nearest neuron that is left. A greedy
 * distance is never below the exact one, and not symmetric.
 *
 * @param distance mean over the pairs
 * @param partner for each neuron of the first layer the one of the second
 * @param exact whether no other matching has a smaller distance
 */
public record NeuronMatching(double distance, int[] partner, boolean exact) {

  /** Most neurons that are matched exactly. */
  public static final int EXACT = 1024;

  /**
   * Matches the neurons of two layers of one shape.
   *
   * @param first of the first network
   * @param second of the second network, its inputs named as in the first: see {@link #rename}
   */
  public static NeuronMatching of(InputSets first, InputSets second) {
    Distances distances = new Distances(first, second);
    boolean exact = first.neurons() <= EXACT;
    int[] partner = exact ? cheapest(distances) : greedy(distances);
    return new NeuronMatching(mean(distances, partner), partner, exact);
  }

  /** Leaves each neuron where it is, for neurons that are not interchangeable: the classes. */
  public static NeuronMatching identity(InputSets first, InputSets second) {
    int[] partner = IntStream.range(0, first.neurons()).toArray();
    return new NeuronMatching(mean(new Distances(first, second), partner), partner, true);
  }

  /**
   * The inputs of each neuron of a layer.
   *
   * @param inputs how many there are
   * @param rowStart where the inputs of each neuron begin in {@code column}, and where they end
   * @param column inputs, neuron after neuron, in any order
   */
  public record InputSets(int inputs, int[] rowStart, int[] column) {

    /** Returns how many neurons there are. */
    public int neurons() {
      return rowStart.length - 1;
    }

    int size(int neuron) {
      return rowStart[neuron + 1] - rowStart[neuron];
    }
  }

  /**
   * Renames the inputs of the second network's next layer: a neuron of this layer gets the name of
   * the one it was matched with.
   */
  public InputSets rename(InputSets next) {
    int[] names = new int[partner.length];
    for (int i = 0; i < partner.length; i++) {
      names[partner[i]] = i;
    }
    int[] column = Arrays.stream(next.column).map(input -> names[input]).toArray();
    return new InputSets(next.inputs, next.rowStart, column);
  }

  private static double mean(Distances distances, int[] partner) {
    double sum = 0;
    for (int i = 0; i < partner.length; i++) {
      sum += distances.from(i)[partner[i]];
    }
    return partner.length == 0 ? 0 : sum / partner.length;
  }

  private static int[] cheapest(Distances distances) {
    int n = distances.first.neurons();
    float[][] cost = new float[n][];
    for (int i = 0; i < n; i++) {
      cost[i] = distances.from(i).clone();
    }
    return Assignment.cheapest(cost);
  }

  private static int[] greedy(Distances distances) {
    int n = distances.first.neurons();
    int[] partner = new int[n];
    boolean[] taken = new boolean[n];
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingInt(i -> -distances.first.size(i)))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int i : order) {
      float[] distance = distances.from(i);
      int nearest = -1;
      for (int j = 0; j < n; j++) {
        if (!taken[j] && (nearest < 0 || distance[j] < distance[nearest])) {
          nearest = j;
        }
      }
      partner[i] = nearest;
      taken[nearest] = true;
    }
    return partner;
  }

  /** Distances of one neuron of the first layer to all of the second, by counting common inputs. */
  private static final class Distances {

    private final InputSets first;
    private final InputSets second;

    /** Which neurons of the second layer each input is connected to. */
    private final int[] inputStart;

    private final int[] neuron;
    private final int[] common;
    private final float[] distance;

    Distances(InputSets first, InputSets second) {
      this.first = first;
      this.second = second;
      inputStart = new int[second.inputs + 2];
      neuron = new int[second.column.length];
      common = new int[second.neurons()];
      distance = new float[second.neurons()];
      for (int input : second.column) {
        inputStart[input + 2]++;
      }
      for (int i = 2; i < inputStart.length; i++) {
        inputStart[i] += inputStart[i - 1];
      }
      for (int j = 0; j < second.neurons(); j++) {
        for (int k = second.rowStart[j]; k < second.rowStart[j + 1]; k++) {
          neuron[inputStart[second.column[k] + 1]++] = j;
        }
      }
    }

    /** Returns an array that the next call overwrites. */
    float[] from(int i) {
      Arrays.fill(common, 0);
      for (int k = first.rowStart[i]; k < first.rowStart[i + 1]; k++) {
        int input = first.column[k];
        for (int at = inputStart[input]; at < inputStart[input + 1]; at++) {
          common[neuron[at]]++;
        }
      }
      for (int j = 0; j < distance.length; j++) {
        int either = first.size(i) + second.size(j) - common[j];
        distance[j] = either == 0 ? 0 : (either - common[j]) / (float) either;
      }
      return distance;
    }
  }
}
