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
  private final ImageActivations dx;

  FlattenLayer(Backend backend, LayerPlan plan, ImageGrid grid, int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.features = plan.out().size();
    try (Acquired acquired = new Acquired()) {
      this.y = acquired.add(new Activations(backend, features, maxImages));
      this.dx = new ImageActivations(backend, plan.in().channels(), grid, maxImages);
      acquired.keep();
    }
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
    Tensor out = y.positions(dx.grid().images(x));
    backend.images().toFeatures(x, dx.grid(), out);
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    Tensor out = dx.images(dy.positions());
    backend.images().toImages(dy, out, dx.grid());
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
    dx.close();
  }
}
