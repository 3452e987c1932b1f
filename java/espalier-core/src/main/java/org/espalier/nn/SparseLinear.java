/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/** A fully connected layer that holds only its connections, with a bias for each output. */
final class SparseLinear implements Layer {

  private final Backend backend;
  private final SparseParameter weight;
  private final DenseParameter bias;
  private final Activations y;
  private final int maxPositions;
  private Activations dx;
  private Tensor x;

  SparseLinear(Backend backend, SparseWeights weights, int maxPositions) {
    this.backend = backend;
    this.maxPositions = maxPositions;
    CsrMatrix csr = weights.csr();
    this.weight = new SparseParameter(backend, weights.name() + ".weight", weights);
    this.bias = new DenseParameter(backend, weights.name() + ".bias", new float[csr.rows()], false);
    this.y = new Activations(backend, csr.rows(), maxPositions);
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
    backend.sparse().spmm(weight.weights().csr(), bias.values(), input, out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, boolean inputGradient) {
    SparseWeights weights = weight.weights();
    backend.sparse().sddmm(weights.csr(), x, dy, weight.gradient());
    backend.rows().rowSums(dy, bias.gradient());
    if (!inputGradient) {
      return null;
    }
    if (weights.transposed().isEmpty()) {
      weights.setTransposed(backend.topology().transpose(weights.csr()));
    }
    if (dx == null) {
      dx = new Activations(backend, weights.csr().columns(), maxPositions);
    }
    Tensor out = dx.positions(dy.positions());
    backend.sparse().spmm(weights.transposed().orElseThrow().csr(), null, dy, out);
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
