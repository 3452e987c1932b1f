/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/**
 * A fully connected layer that holds only its connections, with a bias for each output and, fused
 * into its product, an activation.
 */
final class SparseLinear implements Layer {

  private final Backend backend;
  private final SparseParameter weight;
  private final DenseParameter bias;
  private final FusedActivation activation;
  private final Activations y;
  private final int maxPositions;
  private Activations dx;
  private Tensor x;

  /**
   * Takes ownership of the weights, even if the layer cannot be made.
   *
   * @param activation one whose derivative can be read off its output, or null for none
   */
  SparseLinear(Backend backend, SparseWeights weights, Activation activation, int maxPositions) {
    this.backend = backend;
    this.activation = new FusedActivation(activation);
    this.maxPositions = maxPositions;
    int outputs = weights.csr().rows();
    try (Acquired acquired = new Acquired()) {
      String name = weights.name();
      this.weight = acquired.add(new SparseParameter(backend, name + ".weight", weights));
      float[] zeros = new float[outputs];
      this.bias = acquired.add(new DenseParameter(backend, name + ".bias", zeros, false));
      this.y = new Activations(backend, outputs, maxPositions);
      acquired.keep();
    }
  }

  SparseParameter weight() {
    return weight;
  }

  @Override
  public String name() {
    return weight.weights().name();
  }

  @Override
  public int outputs() {
    return weight.weights().csr().rows();
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    x = input;
    Tensor out = y.positions(input.positions());
    backend
        .sparse()
        .spmm(weight.weights().csr(), bias.values(), input, out, activation.forward(out));
    return out;
  }

  @Override
  public Epilogue gradientEpilogue() {
    return activation.gradient();
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    Tensor out = input == null ? null : inputGradient(dy, input);
    sink.sparse(weight, bias, x, dy);
    sink.dense(bias);
    return out;
  }

  private Tensor inputGradient(Tensor dy, Epilogue epilogue) {
    SparseWeights weights = weight.weights();
    if (weights.transposed().isEmpty()) {
      weights.setTransposed(backend.topology().transpose(weights.csr()));
    }
    if (dx == null) {
      dx = new Activations(backend, weights.csr().columns(), maxPositions);
    }
    Tensor out = dx.positions(dy.positions());
    backend.sparse().spmmTransposed(weights.transposed().orElseThrow(), dy, out, epilogue);
    return out;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(weight, bias);
  }

  @Override
  public void close() {
    weight.close();
    bias.close();
    y.close();
    if (dx != null) {
      dx.close();
    }
  }
}
