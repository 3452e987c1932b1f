/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Adds up two ways through the network. */
final class ResidualLayer implements Layer {

  /** Where the sides of the addition have their images. */
  record Grids(ImageGrid in, ImageGrid body, ImageGrid shortcut, ImageGrid out) {}

  private final Backend backend;
  private final String name;
  private final int outputs;
  private final Sequence body;
  private final Sequence shortcut; // null for the input itself
  private final Grids grids;
  private final FusedActivation activation;
  private final int maxImages;
  private final ImageActivations y;
  private final Map<ImageGrid, ImageActivations> copies = new HashMap<>();

  /** Takes ownership of both ways, even if the layer cannot be made. */
  ResidualLayer(
      Backend backend,
      LayerPlan plan,
      Sequence body,
      Sequence shortcut,
      Grids grids,
      int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.outputs = plan.out().size();
    this.grids = grids;
    this.maxImages = maxImages;
    boolean relu = ((LayerSpec.Residual) plan.spec()).relu();
    this.activation = new FusedActivation(relu ? Activation.RELU : null);
    try (Acquired acquired = new Acquired()) {
      this.body = acquired.add(body);
      this.shortcut = shortcut == null ? null : acquired.add(shortcut);
      this.y = new ImageActivations(backend, plan.out().channels(), grids.out(), maxImages);
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
  public Tensor forward(Tensor x, Pass pass) {
    Tensor longer = body.forward(x, pass);
    Tensor other = shortcut == null ? x : shortcut.forward(x, pass);
    Tensor out = y.images(grids.in().images(x));
    boolean relu = activation.forward(out).kind() == Epilogue.Kind.ACTIVATE;
    backend.working(name);
    backend.images().add(longer, grids.body(), other, grids.shortcut(), relu, out, grids.out());
    return out;
  }

  @Override
  public Epilogue gradientEpilogue() {
    return activation.gradient();
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    Epilogue inner = input == null ? null : Epilogue.NONE;
    Tensor ofBody = body.backward(in(grids.body(), dy), inner, sink);
    Tensor other = shortcut == null ? dy : shortcut.backward(in(grids.shortcut(), dy), inner, sink);
    if (input == null) {
      return null;
    }
    backend.working(name);
    ImageGrid ofOther = shortcut == null ? grids.out() : grids.in();
    backend.images().add(ofBody, grids.in(), other, ofOther, false, ofBody, grids.in());
    backend.rows().finish(input, ofBody);
    return ofBody;
  }

  /** Returns the gradient in the grid of one way, of which it is the last layer's to read. */
  private Tensor in(ImageGrid grid, Tensor dy) {
    if (grid.equals(grids.out())) {
      return dy;
    }
    ImageActivations copy = copies.computeIfAbsent(grid, this::copy);
    Tensor out = copy.images(grids.out().images(dy));
    backend.images().copy(dy, grids.out(), out, grid);
    return out;
  }

  private ImageActivations copy(ImageGrid grid) {
    return new ImageActivations(backend, y.rows(), grid, maxImages);
  }

  @Override
  public List<Parameter> parameters() {
    return Stream.concat(body.parameters().stream(), ofShortcut(Sequence::parameters)).toList();
  }

  @Override
  public List<Layer> inner() {
    return Stream.concat(body.layers().stream(), ofShortcut(Sequence::layers)).toList();
  }

  private <T> Stream<T> ofShortcut(Function<Sequence, List<T>> what) {
    return shortcut == null ? Stream.of() : what.apply(shortcut).stream();
  }

  @Override
  public void close() {
    body.close();
    if (shortcut != null) {
      shortcut.close();
    }
    y.close();
    copies.values().forEach(ImageActivations::close);
  }
}
