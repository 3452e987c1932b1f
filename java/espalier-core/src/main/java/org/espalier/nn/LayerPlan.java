/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.backend.Activation;
import org.espalier.sparse.Kernel;
import org.espalier.topology.LayerShape;
import org.espalier.topology.LayerWork;

/**
 * A layer of a network before it is built: its name and its sizes.
 *
 * @param name unique in the network: kind and number, counted from the input, such as {@code conv2}
 * @param body of a residual layer, otherwise empty
 * @param shortcut of a residual layer, otherwise empty
 */
public record LayerPlan(
    LayerSpec spec,
    String name,
    SampleShape in,
    SampleShape out,
    List<LayerPlan> body,
    List<LayerPlan> shortcut) {

  /** Names given so far. */
  private static final class Names {

    private final Map<String, Integer> used = new HashMap<>();
    private int weighted;

    /** Layers of one kind are counted one by one. */
    String counted(String kind) {
      return kind + used.merge(kind, 1, Integer::sum);
    }

    /** The same for layers with weights. */
    String weighted(String kind) {
      weighted++;
      return counted(kind);
    }

    /** Others have the number of layers with weights before; a second one another: srelu1_2. */
    String following(String kind) {
      String name = kind + weighted;
      int number = used.merge(name, 1, Integer::sum);
      return number == 1 ? name : name + "_" + number;
    }
  }

  /**
   * Returns the plans of the layers of a network.
   *
   * @throws UserException if a layer does not fit the one before
   */
  static List<LayerPlan> of(NetworkSpec spec) {
    return of(spec.layers(), SampleShape.features(spec.inputs()), new Names());
  }

  private static List<LayerPlan> of(List<LayerSpec> specs, SampleShape first, Names names) {
    List<LayerPlan> plans = new ArrayList<>();
    SampleShape in = first;
    for (LayerSpec spec : specs) {
      LayerPlan plan = of(spec, in, names);
      plans.add(plan);
      in = plan.out();
    }
    return plans;
  }

  private static LayerPlan of(LayerSpec spec, SampleShape in, Names names) {
    if (spec instanceof LayerSpec.Residual residual) {
      return residual(residual, in, names);
    }
    String name = name(spec, names);
    return new LayerPlan(spec, name, in, out(spec, name, in), List.of(), List.of());
  }

  private static LayerPlan residual(LayerSpec.Residual spec, SampleShape in, Names names) {
    String name = names.counted("residual");
    require(in.isImages(), name, "gets " + in, "images");
    List<LayerPlan> body = of(spec.body(), in, names);
    List<LayerPlan> shortcut = of(spec.shortcut(), in, names);
    require(
        endsInNewMemory(spec.body()),
        name,
        "has a body that does not end with a convolution or a normalisation",
        "one that does");
    SampleShape out = body.get(body.size() - 1).out();
    SampleShape other = shortcut.isEmpty() ? in : shortcut.get(shortcut.size() - 1).out();
    require(out.equals(other), name, "adds %s and %s".formatted(out, other), "equal shapes");
    return new LayerPlan(spec, name, in, out, body, shortcut);
  }

  /** Tells whether the gradient that comes to the last layer is left as it is. */
  private static boolean endsInNewMemory(List<LayerSpec> specs) {
    LayerSpec last = specs.isEmpty() ? null : specs.get(specs.size() - 1);
    return last instanceof LayerSpec.Convolution || last instanceof LayerSpec.Norm;
  }

  private static String name(LayerSpec spec, Names names) {
    if (spec instanceof LayerSpec.Linear) {
      return names.weighted("linear");
    }
    if (spec instanceof LayerSpec.Convolution) {
      return names.weighted("conv");
    }
    if (spec instanceof LayerSpec.Norm) {
      return names.counted("norm");
    }
    if (spec instanceof LayerSpec.Pool || spec instanceof LayerSpec.GlobalPool) {
      return names.counted("pool");
    }
    if (spec instanceof LayerSpec.Images) {
      return names.counted("images");
    }
    if (spec instanceof LayerSpec.Flatten) {
      return names.counted("flatten");
    }
    return names.following(
        spec instanceof LayerSpec.Srelu
            ? "srelu"
            : spec instanceof LayerSpec.Drop ? "dropout" : "activation");
  }

  private static SampleShape out(LayerSpec spec, String name, SampleShape in) {
    if (spec instanceof LayerSpec.Linear linear) {
      require(!in.isImages(), name, "gets images of " + in, "features: flatten them first");
      return SampleShape.features(linear.outputs());
    }
    if (spec instanceof LayerSpec.Images images) {
      SampleShape out = new SampleShape(images.channels(), images.height(), images.width());
      require(
          in.equals(SampleShape.features(out.size())),
          name,
          "makes " + out + " of " + in,
          out.size() + " features");
      return out;
    }
    boolean anywhere = spec instanceof LayerSpec.Drop || spec instanceof LayerSpec.Act;
    if (!anywhere && !(spec instanceof LayerSpec.Srelu)) {
      require(in.isImages(), name, "gets " + in, "images");
    }
    if (spec instanceof LayerSpec.Flatten) {
      return SampleShape.features(in.size());
    }
    if (spec instanceof LayerSpec.GlobalPool) {
      return new SampleShape(in.channels(), 1, 1);
    }
    if (spec instanceof LayerSpec.Convolution convolution) {
      require(
          in.channels() % convolution.groups() == 0,
          name,
          "divides %d channels into %d groups".formatted(in.channels(), convolution.groups()),
          "a number of groups that divides them");
      return windows(convolution.kernel(), convolution.outputs(), name, in);
    }
    if (spec instanceof LayerSpec.Pool pool) {
      return windows(pool.window(), in.channels(), name, in);
    }
    if (in.isImages()) {
      boolean kept = spec instanceof LayerSpec.Act act ? keepsZero(act) : anywhere;
      require(
          kept || spec instanceof LayerSpec.Norm,
          name,
          "is not 0 at 0",
          "another activation between images");
    }
    return in;
  }

  /** Between images there are zeros, which have to stay. */
  private static boolean keepsZero(LayerSpec.Act act) {
    return act.activation().kind() != Activation.Kind.SIGMOID;
  }

  private static SampleShape windows(Kernel kernel, int channels, String name, SampleShape in) {
    int padding = 2 * kernel.padding();
    boolean fits =
        kernel.height() <= in.height() + padding && kernel.width() <= in.width() + padding;
    require(
        fits,
        name,
        "has windows of %d x %d over images of %s".formatted(kernel.height(), kernel.width(), in),
        "smaller windows or larger images");
    return new SampleShape(
        channels,
        kernel.outputs(in.height(), kernel.height()),
        kernel.outputs(in.width(), kernel.width()));
  }

  private static void require(boolean sound, String name, String what, String expected) {
    if (!sound) {
      throw new UserException("Layer '%s' %s; expected %s.".formatted(name, what, expected));
    }
  }

  /** Returns this layer and those inside, in the order in which they run. */
  public Stream<LayerPlan> all() {
    return Stream.concat(
        Stream.of(this), Stream.concat(body.stream(), shortcut.stream()).flatMap(LayerPlan::all));
  }

  /** Tells whether the layer multiplies with weights. */
  boolean hasWeights() {
    return spec instanceof LayerSpec.Linear || spec instanceof LayerSpec.Convolution;
  }

  /** Tells whether it holds only some of its connections. */
  boolean isSparse() {
    return spec instanceof LayerSpec.Linear linear && linear.sparse()
        || spec instanceof LayerSpec.Convolution convolution && convolution.sparse();
  }

  /** Returns the size of a layer with weights. */
  LayerShape shape() {
    if (spec instanceof LayerSpec.Convolution convolution) {
      Kernel kernel = convolution.kernel();
      int inputs = in.channels() / convolution.groups();
      return new LayerShape(name, out.channels(), inputs, kernel.height(), kernel.width());
    }
    return LayerShape.linear(name, out.channels(), in.channels());
  }

  /** Returns the arithmetic of a layer with weights. */
  LayerWork work() {
    return new LayerWork(shape(), out.pixels());
  }
}
