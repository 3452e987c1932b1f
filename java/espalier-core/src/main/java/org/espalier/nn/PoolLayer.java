/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.sparse.Kernel;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Pooling, the global one included: its window is the whole image. */
final class PoolLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final Kernel window;
  private final boolean largest;
  private final ImageActivations y;
  private final ImageActivations dx;
  private final int outputs;
  private Tensor x;

  /**
   * Creates the layer.
   *
   * @param from grid of the input
   * @param to grid of the output
   */
  PoolLayer(
      Backend backend,
      LayerPlan plan,
      Kernel window,
      boolean largest,
      ImageGrid from,
      ImageGrid to,
      int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.window = window;
    this.largest = largest;
    this.outputs = plan.out().size();
    int channels = plan.in().channels();
    try (Acquired acquired = new Acquired()) {
      this.y = acquired.add(new ImageActivations(backend, channels, to, maxImages));
      this.dx = new ImageActivations(backend, channels, from, maxImages);
      acquired.keep();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    x = input;
    Tensor out = y.images(dx.grid().images(input));
    ImageOps images = backend.images();
    if (largest) {
      images.maxPool(window, input, dx.grid(), out, y.grid());
    } else {
      images.averagePool(window, input, dx.grid(), out, y.grid());
    }
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    Tensor out = dx.images(y.grid().images(dy));
    ImageOps images = backend.images();
    if (largest) {
      images.maxPoolGradient(window, x, dx.grid(), dy, y.grid(), out);
    } else {
      images.averagePoolGradient(window, dy, y.grid(), out, dx.grid());
    }
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
