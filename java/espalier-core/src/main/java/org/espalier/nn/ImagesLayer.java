/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Takes features as images. */
final class ImagesLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final Activations y;
  private final InputGradient dx;
  private final int features;

  ImagesLayer(
      Backend backend, LayerPlan plan, ImageGrid grid, GradientMemory gradients, int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.features = plan.in().size();
    this.dx = new InputGradient(gradients, TensorShape.of(plan.in(), null));
    this.y = new Activations(backend, TensorShape.of(plan.out(), grid), maxImages);
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
    Tensor out = y.samples(x.positions());
    backend.images().toImages(x, out, y.shape().grid());
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    Tensor out = dx.lend(y.shape().samples(dy));
    backend.images().toFeatures(dy, y.shape().grid(), out);
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
