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
  private final Activations y;
  private final InputGradient dx;
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
      GradientMemory gradients,
      int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.window = window;
    this.largest = largest;
    this.outputs = plan.out().size();
    this.dx = new InputGradient(gradients, TensorShape.of(plan.in(), from));
    this.y = new Activations(backend, TensorShape.of(plan.out(), to), maxImages);
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
    ImageGrid from = dx.shape().grid();
    ImageGrid to = y.shape().grid();
    Tensor out = y.samples(from.images(input));
    ImageOps images = backend.images();
    if (largest) {
      images.maxPool(window, input, from, out, to);
    } else {
      images.averagePool(window, input, from, out, to);
    }
    return out;
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (input == null) {
      return null;
    }
    ImageGrid from = dx.shape().grid();
    ImageGrid to = y.shape().grid();
    Tensor out = dx.lend(to.images(dy));
    ImageOps images = backend.images();
    if (largest) {
      images.maxPoolGradient(window, x, from, dy, to, out);
    } else {
      images.averagePoolGradient(window, dy, to, out, from);
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
  }
}
