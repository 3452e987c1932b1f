/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/** Some layers with a batch of activations and gradients, for tests of topology rules. */
final class Layers implements AutoCloseable {

  static final ValueRule INITIAL = new ValueRule(ValueRule.Kind.NORMAL, 0.1f);
  private static final int POSITIONS = 5;

  final Backend backend;
  final TopologyMemory memory = new TopologyMemory();
  final List<SparseWeights> weights = new ArrayList<>();
  final List<float[][]> x = new ArrayList<>();
  final List<float[][]> dy = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();

  /** Value and velocity of a connection. */
  record Entry(float value, float velocity) {}

  Layers(Backend backend) {
    this.backend = backend;
  }

  /** Adds a layer of random weights and velocities. */
  Layers add(int rows, int columns, int nnz) {
    long key = weights.size() + 1;
    CsrMatrix csr = backend.topology().random(rows, columns, nnz, key, INITIAL, key + 100);
    SparseWeights layer = new SparseWeights("layer" + key, csr, INITIAL);
    float[] velocity = new float[nnz];
    for (int k = 0; k < nnz; k++) {
      velocity[k] = INITIAL.valueAt(key + 200, k);
    }
    layer.addState(backend.memory().of(velocity));
    weights.add(layer);
    x.add(tensor(columns, key + 300));
    dy.add(tensor(rows, key + 400));
    return this;
  }

  private float[][] tensor(int rows, long key) {
    int stride = Tensor.strideFor(POSITIONS);
    float[][] values = new float[rows][POSITIONS];
    DeviceBuffer buffer = backend.memory().allocate(ElementType.FLOAT32, (long) rows * stride);
    for (int r = 0; r < rows; r++) {
      for (int p = 0; p < POSITIONS; p++) {
        values[r][p] = INITIAL.valueAt(key, (long) r * POSITIONS + p);
      }
      backend.memory().upload(values[r], 0, buffer, (long) r * stride, POSITIONS);
    }
    tensors.add(new Tensor(buffer, 0, rows, POSITIONS, stride));
    return values;
  }

  TopologyUpdate update(long number, RunMoment moment) {
    List<TopologyUpdate.Layer> layers = new ArrayList<>();
    for (int l = 0; l < weights.size(); l++) {
      long key = Keys.of(7, l, number);
      layers.add(
          new TopologyUpdate.Layer(
              weights.get(l), key, tensors.get(2 * l), tensors.get(2 * l + 1)));
    }
    return new TopologyUpdate(backend, layers, memory, moment);
  }

  TopologyUpdate update(long number) {
    return update(number, RunMoment.START);
  }

  /** Shows a rule the same batch again, as a training step would. */
  void observe(TopologyRule rule) {
    for (int l = 0; l < weights.size(); l++) {
      rule.observe(backend, memory, weights.get(l), tensors.get(2 * l), tensors.get(2 * l + 1));
    }
  }

  /** Returns the gradient of a cell, summed as the engine does. */
  float gradient(int layer, long position) {
    int columns = weights.get(layer).csr().columns();
    float sum = 0;
    for (int p = 0; p < POSITIONS; p++) {
      float product =
          dy.get(layer)[(int) (position / columns)][p]
              * x.get(layer)[(int) (position % columns)][p];
      sum += product;
    }
    return sum;
  }

  /** Returns the connections of a layer by position. */
  Map<Long, Entry> entries(int layer) {
    SparseWeights of = weights.get(layer);
    Memory device = backend.memory();
    CsrMatrix csr = of.csr();
    int[] rowStart = device.ints(csr.rowStart(), csr.rows() + 1);
    int[] column = device.ints(csr.column(), csr.nnz());
    float[] values = device.floats(csr.values(), csr.nnz());
    float[] velocity = device.floats(of.state().get(0), csr.nnz());
    Map<Long, Entry> entries = new TreeMap<>();
    for (int r = 0; r < csr.rows(); r++) {
      for (int k = rowStart[r]; k < rowStart[r + 1]; k++) {
        entries.put((long) r * csr.columns() + column[k], new Entry(values[k], velocity[k]));
      }
    }
    return entries;
  }

  List<Map<Long, Entry>> all() {
    List<Map<Long, Entry>> all = new ArrayList<>();
    for (int l = 0; l < weights.size(); l++) {
      all.add(entries(l));
    }
    return all;
  }

  @Override
  public void close() {
    weights.forEach(SparseWeights::close);
    tensors.forEach(tensor -> tensor.buffer().close());
    memory.close();
  }
}
