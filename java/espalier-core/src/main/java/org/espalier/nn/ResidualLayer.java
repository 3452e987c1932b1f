/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Adds up two ways through the network; a normalisation at the end of the body does it itself. */
final class ResidualLayer implements Layer {

  /** Where the sides of the addition have their images. */
  record Grids(ImageGrid in, ImageGrid body, ImageGrid shortcut, ImageGrid out) {}

  private final Backend backend;
  private final String name;
  private final int outputs;
  private final Sequence body;
  private final Sequence shortcut; // null for the input itself
  private final Grids grids;
  private final boolean relu;
  private final FusedActivation activation;
  private final GradientMemory gradients;
  private final Activations y; // null if the body adds
  private final InputGradient toBody; // null if it takes the gradient as it is
  private final InputGradient toShortcut; // the same

  /** Takes ownership of both ways, even if the layer cannot be made. */
  ResidualLayer(
      Backend backend,
      LayerPlan plan,
      Sequence body,
      Sequence shortcut,
      Grids grids,
      GradientMemory gradients,
      int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.outputs = plan.out().size();
    this.grids = grids;
    this.gradients = gradients;
    this.toBody = copy(plan, grids.body());
    this.toShortcut = shortcut == null ? null : copy(plan, grids.shortcut());
    this.relu = ((LayerSpec.Residual) plan.spec()).relu();
    this.activation = new FusedActivation(relu ? Activation.RELU : null);
    try (Acquired acquired = new Acquired()) {
      this.body = acquired.add(body);
      this.shortcut = shortcut == null ? null : acquired.add(shortcut);
      this.y =
          body.last() instanceof NormLayer
              ? null
              : new Activations(backend, TensorShape.of(plan.out(), grids.out()), maxImages);
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
    Tensor other = shortcut == null ? x : shortcut.forward(x, pass);
    Tensor out = sum(x, other, pass);
    activation.forward(out);
    return out;
  }

  private Tensor sum(Tensor x, Tensor other, Pass pass) {
    if (body.last() instanceof NormLayer norm) {
      Tensor longer = body.forward(x, pass, body.layers().size() - 1);
      backend.working(norm.name());
      return norm.forward(longer, pass, other, grids.shortcut(), relu);
    }
    Tensor longer = body.forward(x, pass);
    Tensor out = y.samples(grids.in().images(x));
    backend.working(name);
    Epilogue after = relu ? Epilogue.RELU : Epilogue.NONE;
    backend.images().add(longer, grids.body(), other, grids.shortcut(), after, out, grids.out());
    return out;
  }

  @Override
  public Epilogue gradientEpilogue() {
    return activation.gradient();
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    Epilogue inner = input == null ? null : Epilogue.NONE;
    Tensor ofBody = backward(body, toBody, dy, inner, sink);
    Tensor other = shortcut == null ? dy : backward(shortcut, toShortcut, dy, inner, sink);
    if (input == null) {
      return null;
    }
    backend.working(name);
    ImageGrid ofOther = shortcut == null ? grids.out() : grids.in();
    backend.images().add(ofBody, grids.in(), other, ofOther, input, ofBody, grids.in());
    if (shortcut != null) {
      gradients.giveBack(other);
    }
    return ofBody;
  }

  /** Runs one way backward, from a copy of the gradient if its last layer has another grid. */
  private Tensor backward(
      Sequence way, InputGradient copy, Tensor dy, Epilogue input, GradientSink sink) {
    if (copy == null) {
      return way.backward(dy, input, sink);
    }
    Tensor copied = copy.lend(grids.out().images(dy));
    backend.images().copy(dy, grids.out(), copied, copy.shape().grid());
    Tensor out = way.backward(copied, input, sink);
    copy.giveBack(copied);
    return out;
  }

  private InputGradient copy(LayerPlan plan, ImageGrid grid) {
    return grid.equals(grids.out())
        ? null
        : new InputGradient(gradients, TensorShape.of(plan.out(), grid));
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
    if (y != null) {
      y.close();
    }
  }
}
