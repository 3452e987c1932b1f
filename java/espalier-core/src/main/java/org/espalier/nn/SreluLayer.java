/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.Keys;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.Tensor;

/**
 * S-shaped ReLU with four learned numbers for each neuron, started as in the code the SET authors
 * used: left knee 0, left slope uniform on [0, 1), right knee uniform on [0, 5), right slope 1.
 */
final class SreluLayer implements Layer {

  private static final float WIDEST = 5f;

  private final Backend backend;
  private final String name;
  private final int rows;
  private final DenseParameter knees;
  private final Activations y;
  private Tensor x;

  SreluLayer(Backend backend, String name, int rows, int maxPositions, long key) {
    this.backend = backend;
    this.name = name;
    this.rows = rows;
    try (Acquired acquired = new Acquired()) {
      float[] initial = initial(rows, key);
      this.knees = acquired.add(new DenseParameter(backend, name + ".knees", initial, false));
      this.y = new Activations(backend, new TensorShape(rows, null), maxPositions);
      acquired.keep();
    }
  }

  private static float[] initial(int rows, long key) {
    ValueRule half = new ValueRule(ValueRule.Kind.UNIFORM, 0.5f);
    float[] values = new float[4 * rows];
    for (int r = 0; r < rows; r++) {
      values[rows + r] = 0.5f + half.valueAt(Keys.hash(key, 0), r);
      values[2 * rows + r] = WIDEST * (0.5f + half.valueAt(Keys.hash(key, 1), r));
      values[3 * rows + r] = 1f;
    }
    return values;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int outputs() {
    return rows;
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    x = input;
    Tensor out = y.samples(input.positions());
    backend.rows().srelu(knees.values(), input, out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    backend.rows().sreluGradient(knees.values(), x, dy, dy, knees.gradient());
    sink.dense(knees);
    if (input == null) {
      return null;
    }
    backend.rows().finish(input, dy);
    return dy;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(knees);
  }

  @Override
  public void close() {
    knees.close();
    y.close();
  }
}
