/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Takes images as features. */
final class FlattenLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final int features;
  private final Activations y;
  private final InputGradient dx;

  FlattenLayer(
      Backend backend, LayerPlan plan, ImageGrid grid, GradientMemory gradients, int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.features = plan.out().size();
    this.dx = new InputGradient(gradients, TensorShape.of(plan.in(), grid));
    this.y = new Activations(backend, TensorShape.of(plan.out(), null), maxImages);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int outputs() {
    return features;
  }

  @Override
  public Tensor forward(Tensor x, Pass pass) {
    Tensor out = y.samples(dx.shape().samples(x));
    backend.images().toFeatures(x, dx.shape().grid(), out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    Tensor out = dx.lend(dy.positions());
    backend.images().toImages(dy, out, dx.shape().grid());
    backend.rows().finish(input, out);
    return out;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void close() {
    y.close();
  }
}
