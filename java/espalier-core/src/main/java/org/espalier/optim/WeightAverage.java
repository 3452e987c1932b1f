/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.backend.UpdateOps;
import org.espalier.nn.Network;
import org.espalier.nn.Parameter;
import org.espalier.nn.SparseParameter;
import org.espalier.nn.Statistics;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * Exponential moving averages of everything a network predicts with: of each parameter in a state
 * array behind the optimizer's, so that the averages of sparse weights travel with the connections,
 * and of the statistics of normalisation, which belong to the weights.
 *
 * <p>After step t, counted from 0: {@code average += (1 - d) (value - average)} with {@code d =
 * min(decay, (1 + t) / (10 + t))}, so that the values at the start are soon forgotten.
 */
public final class WeightAverage implements AutoCloseable {

  private final Network network;
  private final double decay;
  private final int index; // of the state array
  private final List<DeviceBuffer> statistics = new ArrayList<>();

  /**
   * Gives every parameter one state array more; the averages are to be set by {@link #begin}, or
   * from a checkpoint and {@link #setStatistics}.
   *
   * @param network stays the caller's
   * @param decay in (0, 1)
   */
  public WeightAverage(Network network, Optimizer optimizer, double decay) {
    if (!(decay > 0 && decay < 1)) {
      throw new IllegalArgumentException("decay of averages is " + decay + "; expected in (0, 1)");
    }
    this.network = network;
    this.decay = decay;
    // the first array of weights is their velocity, for topology rules too, if there is any
    this.index = Math.max(1, optimizer.stateArrays());
    for (Parameter parameter : network.parameters()) {
      while (parameter.state().size() <= index) {
        parameter.addState();
      }
    }
  }

  /** Sets all averages to the values there are. */
  public void begin() {
    for (Parameter parameter : network.parameters()) {
      memory().copy(parameter.values(), 0, average(parameter), 0, parameter.size());
    }
    allocateStatistics();
    for (int i = 0; i < statistics.size(); i++) {
      DeviceBuffer values = network.statistics().get(i).values();
      memory().copy(values, 0, statistics.get(i), 0, values.length());
    }
  }

  /** Sets the averages of the statistics, in the network's order. */
  public void setStatistics(List<float[]> averages) {
    allocateStatistics();
    for (int i = 0; i < averages.size(); i++) {
      float[] values = averages.get(i);
      memory().upload(values, 0, statistics.get(i), 0, values.length);
    }
  }

  /** Returns the averages of the statistics, in the network's order. */
  public List<float[]> statistics() {
    return statistics.stream()
        .map(average -> memory().floats(average, Math.toIntExact(average.length())))
        .toList();
  }

  private void allocateStatistics() {
    close();
    for (Statistics of : network.statistics()) {
      statistics.add(memory().allocate(ElementType.FLOAT32, of.values().length()));
    }
  }

  /**
   * Takes in the values after a step.
   *
   * @param step of the run, from 0
   */
  public void update(long step) {
    float d = (float) Math.min(decay, (1.0 + step) / (10.0 + step));
    UpdateOps ops = network.backend().updates();
    for (Parameter parameter : network.parameters()) {
      ops.average(average(parameter), parameter.values(), parameter.size(), d);
    }
    for (int i = 0; i < statistics.size(); i++) {
      DeviceBuffer values = network.statistics().get(i).values();
      ops.average(statistics.get(i), values, values.length(), d);
    }
  }

  /**
   * Makes the averages of sparse weights what they are above the weights. Connections that grow
   * begin with state 0, so {@link #absolute} afterwards makes their values their averages; others
   * get theirs back, to rounding.
   */
  public void relative() {
    shift(-1);
  }

  /** Undoes {@link #relative}. */
  public void absolute() {
    shift(1);
  }

  private void shift(float factor) {
    UpdateOps ops = network.backend().updates();
    for (Parameter parameter : network.parameters()) {
      if (parameter instanceof SparseParameter) {
        ops.add(average(parameter), parameter.values(), parameter.size(), factor);
      }
    }
  }

  /** Exchanges averages and values; doing it twice leaves all as it was. */
  public void exchange() {
    long most = 0;
    for (Parameter parameter : network.parameters()) {
      most = Math.max(most, parameter.size());
    }
    for (DeviceBuffer average : statistics) {
      most = Math.max(most, average.length());
    }
    network.backend().working("average");
    try (DeviceBuffer spare = memory().allocate(ElementType.FLOAT32, most)) {
      for (Parameter parameter : network.parameters()) {
        exchange(parameter.values(), average(parameter), parameter.size(), spare);
        parameter.updated();
      }
      for (int i = 0; i < statistics.size(); i++) {
        DeviceBuffer values = network.statistics().get(i).values();
        exchange(values, statistics.get(i), values.length(), spare);
      }
    }
  }

  private void exchange(DeviceBuffer a, DeviceBuffer b, long count, DeviceBuffer spare) {
    memory().copy(a, 0, spare, 0, count);
    memory().copy(b, 0, a, 0, count);
    memory().copy(spare, 0, b, 0, count);
  }

  private DeviceBuffer average(Parameter parameter) {
    return parameter.state().get(index);
  }

  private Memory memory() {
    return network.backend().memory();
  }

  /** Frees the averages of the statistics; the other ones are the parameters'. */
  @Override
  public void close() {
    statistics.forEach(DeviceBuffer::close);
    statistics.clear();
  }
}
