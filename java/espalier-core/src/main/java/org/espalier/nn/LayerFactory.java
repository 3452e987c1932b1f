/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.espalier.UserException;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.Keys;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.ImageGrid;
import org.espalier.topology.LayerShape;

/** Makes the layers of one network, in the order in which they run. */
final class LayerFactory {

  private static final int TOPOLOGY = 1;
  private static final int KNEES = 3;

  /** Arrays are indexed by int, and the longest are a little shorter than that. */
  private static final int MAX_WEIGHTS = Integer.MAX_VALUE - 128;

  private final Backend backend;
  private final NetworkBuilder builder;
  private final GradientMemory gradients;
  private final long[] connections;
  private int sparse; // layers made so far
  private int index; // of the next layer, those inside others counted too

  LayerFactory(
      Backend backend,
      NetworkBuilder builder,
      GradientMemory gradients,
      List<LayerShape> sparseShapes) {
    this.backend = backend;
    this.builder = builder;
    this.gradients = gradients;
    this.connections = builder.density().connections(sparseShapes);
  }

  /**
   * Makes layers that run one after the other.
   *
   * @param in grid of the input, or null for features
   * @param end grid that comes after them, or null
   * @param acquired takes what is made
   */
  List<Layer> sequence(List<LayerPlan> plans, ImageGrid in, ImageGrid end, Acquired acquired) {
    List<Layer> layers = new ArrayList<>();
    ImageGrid grid = in;
    for (int i = 0; i < plans.size(); i++) {
      LayerPlan plan = plans.get(i);
      int number = index++;
      backend.working(plan.name());
      if (number > 0) { // the gradient of the network's input is rarely wanted
        gradients.expect(TensorShape.of(plan.in(), grid), builder.maxPositions());
      }
      ImageGrid out = ImageLayout.output(plans, i, grid, end);
      Taps taps =
          plan.spec() instanceof LayerSpec.Convolution
              ? ImageLayout.taps(plans, i, grid, end)
              : Taps.NONE;
      Activation activation = fused(plans, i);
      if (activation != null) { // its layer is left out
        i++;
        index++;
        out = ImageLayout.output(plans, i, out, end);
      }
      layers.add(acquired.add(layer(plan, number, activation, taps, grid, out)));
      grid = out;
    }
    return layers;
  }

  /** Returns the activation after this layer, if the layer can do it as well. */
  private static Activation fused(List<LayerPlan> plans, int index) {
    LayerPlan plan = plans.get(index);
    if (index + 1 == plans.size() || !(plans.get(index + 1).spec() instanceof LayerSpec.Act act)) {
      return null;
    }
    boolean fits =
        plan.hasWeights() && act.activation().derivativeFromOutput()
            || plan.spec() instanceof LayerSpec.Norm && act.activation().equals(Activation.RELU);
    return fits ? act.activation() : null;
  }

  private Layer layer(
      LayerPlan plan, int number, Activation activation, Taps taps, ImageGrid in, ImageGrid out) {
    int most = builder.maxPositions();
    LayerSpec spec = plan.spec();
    if (spec instanceof LayerSpec.Linear) {
      return new LinearLayer(backend, plan, weights(plan, taps), activation, gradients, most);
    } else if (spec instanceof LayerSpec.Convolution) {
      return new ConvolutionLayer(
          backend, plan, weights(plan, taps), activation, taps, in, gradients, most);
    } else if (spec instanceof LayerSpec.Norm) {
      return new NormLayer(backend, plan, activation != null, in, out, gradients, most);
    } else if (spec instanceof LayerSpec.Pool pool) {
      return new PoolLayer(backend, plan, pool.window(), pool.largest(), in, out, gradients, most);
    } else if (spec instanceof LayerSpec.GlobalPool) {
      Kernel whole = new Kernel(in.height(), in.width(), 1, 0);
      return new PoolLayer(backend, plan, whole, false, in, out, gradients, most);
    } else if (spec instanceof LayerSpec.Images) {
      return new ImagesLayer(backend, plan, out, gradients, most);
    } else if (spec instanceof LayerSpec.Flatten) {
      return new FlattenLayer(backend, plan, in, gradients, most);
    } else if (spec instanceof LayerSpec.Residual) {
      return residual(plan, in, out);
    } else if (spec instanceof LayerSpec.Srelu) {
      long key = Keys.of(builder.seed(), KNEES, number);
      return new SreluLayer(backend, plan.name(), plan.out().size(), most, key);
    } else if (spec instanceof LayerSpec.Drop drop) {
      int size = plan.out().size();
      return new DropoutLayer(backend, plan.name(), drop.rate(), size, number, memory(plan, out));
    }
    Activation alone = ((LayerSpec.Act) spec).activation();
    int size = plan.out().size();
    return new ActivationLayer(backend, plan.name(), alone, size, memory(plan, out));
  }

  private Activations memory(LayerPlan plan, ImageGrid grid) {
    return new Activations(backend, TensorShape.of(plan.out(), grid), builder.maxPositions());
  }

  private Layer residual(LayerPlan plan, ImageGrid in, ImageGrid out) {
    try (Acquired acquired = new Acquired()) {
      Sequence body = way(plan.body(), in, out, acquired);
      Sequence shortcut =
          plan.shortcut().isEmpty() ? null : way(plan.shortcut(), in, out, acquired);
      ResidualLayer.Grids grids =
          new ResidualLayer.Grids(
              in,
              outputGrid(plan.body(), in, out),
              shortcut == null ? in : outputGrid(plan.shortcut(), in, out),
              out);
      ResidualLayer layer =
          new ResidualLayer(
              backend, plan, body, shortcut, grids, gradients, builder.maxPositions());
      acquired.keep();
      return layer;
    }
  }

  private Sequence way(List<LayerPlan> plans, ImageGrid in, ImageGrid end, Acquired acquired) {
    return new Sequence(backend, gradients, sequence(plans, in, end, acquired));
  }

  private static ImageGrid outputGrid(List<LayerPlan> plans, ImageGrid in, ImageGrid end) {
    ImageGrid grid = in;
    for (int i = 0; i < plans.size(); i++) {
      grid = ImageLayout.output(plans, i, grid, end);
    }
    return grid;
  }

  private LayerWeights weights(LayerPlan plan, Taps taps) {
    LayerShape shape = plan.shape();
    int fanIn = shape.inputs() * taps.count();
    if (plan.isSparse()) {
      int count = checkCount(shape, connections[sparse++]);
      ValueRule initial = rule(shape, fanIn, count);
      CsrMatrix csr =
          backend
              .topology()
              .random(
                  shape.outputs(),
                  fanIn,
                  count,
                  builder.key(TOPOLOGY, plan.name()),
                  initial,
                  builder.valueKey(plan.name()));
      SparseWeights weights = new SparseWeights(plan.name(), csr.with(taps), initial);
      return new SparseLayerWeights(
          backend, new SparseParameter(backend, plan.name() + ".weight", weights));
    }
    float[] values = new float[checkCount(shape, shape.size())];
    ValueRule initial = rule(shape, fanIn, values.length);
    long key = builder.valueKey(plan.name());
    for (int i = 0; i < values.length; i++) {
      values[i] = initial.valueAt(key, i);
    }
    if (plan.spec() instanceof LayerSpec.Convolution convolution && convolution.groups() > 1) {
      return grouped(plan, convolution.groups(), values, initial, taps);
    }
    return new DenseLayerWeights(
        backend, new DenseParameter(backend, plan.name() + ".weight", values, true), taps);
  }

  /** The weights of groups are sparse ones that are where the groups are. */
  private LayerWeights grouped(
      LayerPlan plan, int groups, float[] values, ValueRule initial, Taps taps) {
    int outputs = plan.out().channels();
    int fanIn = values.length / outputs;
    int[] rowStart = new int[outputs + 1];
    int[] column = new int[values.length];
    for (int k = 0; k < column.length; k++) {
      column[k] = k / fanIn / (outputs / groups) * fanIn + k % fanIn;
    }
    Arrays.setAll(rowStart, row -> row * fanIn);
    int columns = plan.in().channels() * taps.count();
    Memory memory = backend.memory();
    CsrMatrix csr =
        new CsrMatrix(
            outputs,
            columns,
            values.length,
            memory.of(rowStart),
            memory.of(column),
            memory.of(values),
            taps);
    SparseWeights weights = new SparseWeights(plan.name(), csr, initial);
    return new SparseLayerWeights(
        backend, new SparseParameter(backend, plan.name() + ".weight", weights, true));
  }

  private static int checkCount(LayerShape shape, long weights) {
    if (weights > MAX_WEIGHTS) {
      throw new UserException(
          "Layer '%s' of %d x %d would have %d weights; expected at most %d: make it sparser or smaller."
              .formatted(shape.name(), shape.outputs(), shape.inputs(), weights, MAX_WEIGHTS));
    }
    return (int) weights;
  }

  /** A kernel's taps are connections of each output and, turned round, of each input. */
  private ValueRule rule(LayerShape shape, int fanIn, double connections) {
    double fanOut = shape.outputs() * (fanIn / (double) shape.inputs());
    return builder.sparseFanIn()
        ? builder.init().rule(connections / shape.outputs(), connections / shape.inputs())
        : builder.init().rule(fanIn, fanOut);
  }
}
