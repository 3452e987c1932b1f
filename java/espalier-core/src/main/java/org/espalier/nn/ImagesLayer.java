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
  private final ImageActivations y;
  private final int features;
  private final int maxImages;
  private Activations dx;

  ImagesLayer(Backend backend, LayerPlan plan, ImageGrid grid, int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.features = plan.in().size();
    this.maxImages = maxImages;
    this.y = new ImageActivations(backend, plan.out().channels(), grid, maxImages);
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
    Tensor out = y.images(x.positions());
    backend.images().toImages(x, out, y.grid());
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    if (dx == null) {
      dx = new Activations(backend, features, maxImages);
    }
    Tensor out = dx.positions(y.grid().images(dy));
    backend.images().toFeatures(dy, y.grid(), out);
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
    if (dx != null) {
      dx.close();
    }
  }
}
