/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.Arrays;
import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.backend.ImageOps;
import org.espalier.backend.Memory;
import org.espalier.backend.Normalization;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/** Batch normalisation and, fused with it, a ReLU, or the addition of a residual layer. */
final class NormLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final Normalization constants;
  private final boolean relu;
  private final int outputs;
  private final DenseParameter parameters;
  private final DeviceBuffer running;
  private final DeviceBuffer saved;
  private final Activations y;
  private final InputGradient dx;
  private final InputGradient masked; // for a gradient in prediction
  private boolean training;
  private Tensor x;

  /**
   * Creates the layer.
   *
   * @param relu whether what is below 0 becomes 0
   * @param from grid of the input
   * @param to grid of the output
   */
  NormLayer(
      Backend backend,
      LayerPlan plan,
      boolean relu,
      ImageGrid from,
      ImageGrid to,
      GradientMemory gradients,
      int maxImages) {
    this.backend = backend;
    this.name = plan.name();
    this.constants = ((LayerSpec.Norm) plan.spec()).constants();
    this.relu = relu;
    this.outputs = plan.out().size();
    int rows = plan.out().channels();
    TensorShape out = TensorShape.of(plan.out(), to);
    this.dx = new InputGradient(gradients, TensorShape.of(plan.in(), from));
    this.masked = new InputGradient(gradients, out);
    float[] start = new float[2 * rows];
    Arrays.fill(start, 0, rows, 1);
    try (Acquired acquired = new Acquired()) {
      String scaleAndShift = name + ".scale_shift";
      this.parameters = acquired.add(new DenseParameter(backend, scaleAndShift, start, false));
      float[] meanAndVariance = new float[2 * rows];
      Arrays.fill(meanAndVariance, rows, 2 * rows, 1);
      this.running = acquired.add(backend.memory().of(meanAndVariance));
      this.saved = acquired.add(backend.memory().allocate(ElementType.FLOAT32, 2L * rows));
      this.y = new Activations(backend, out, maxImages);
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
    Tensor out = begin(input, pass);
    ImageGrid from = dx.shape().grid();
    ImageGrid to = y.shape().grid();
    DeviceBuffer learned = parameters.values();
    if (training) {
      backend.images().normalize(constants, learned, running, saved, x, from, relu, out, to);
    } else {
      backend.images().normalizeFixed(constants, learned, running, x, from, relu, out, to);
    }
    return out;
  }

  /**
   * Adds other images to the outputs.
   *
   * @param reluOfSum whether what is below 0 in the sum becomes 0; its gradient is the caller's
   */
  Tensor forward(Tensor input, Pass pass, Tensor other, ImageGrid ofOther, boolean reluOfSum) {
    Tensor out = begin(input, pass);
    ImageGrid from = dx.shape().grid();
    ImageGrid to = y.shape().grid();
    DeviceBuffer learned = parameters.values();
    ImageOps images = backend.images();
    if (training) {
      images.normalizeAndAdd(
          constants, learned, running, saved, x, from, other, ofOther, reluOfSum, out, to);
    } else {
      images.normalizeFixedAndAdd(
          constants, learned, running, x, from, other, ofOther, reluOfSum, out, to);
    }
    return out;
  }

  private Tensor begin(Tensor input, Pass pass) {
    x = input;
    training = pass.training();
    return y.samples(dx.shape().samples(input));
  }

  @Override
  public Tensor backward(Tensor dy, Epilogue input, GradientSink sink) {
    if (!training) {
      return input == null ? null : fixedGradient(dy, input);
    }
    Tensor out = dx.lend(y.shape().samples(dy));
    backend
        .images()
        .normalizeGradient(
            parameters.values(),
            saved,
            x,
            dx.shape().grid(),
            relu,
            dy,
            y.shape().grid(),
            out,
            parameters.gradient());
    sink.dense(parameters);
    if (input == null) {
      dx.giveBack(out);
      return null;
    }
    backend.rows().finish(input, out);
    return out;
  }

  /**
   * After a pass that predicts: the gradient of the input is dy times the slope of each row, which
   * is what normalisation makes of dy with mean and shift 0. That of the parameters is not
   * computed; nobody trains on running statistics.
   */
  private Tensor fixedGradient(Tensor dy, Epilogue input) {
    Memory memory = backend.memory();
    TensorShape from = dx.shape();
    TensorShape to = y.shape();
    int rows = from.rows();
    Tensor out = dx.lend(to.samples(dy));
    Tensor passed = relu ? masked(dy) : dy;
    try (DeviceBuffer slope = memory.of(new float[2 * rows]);
        DeviceBuffer spread = memory.of(new float[2 * rows])) {
      memory.copy(parameters.values(), 0, slope, 0, rows);
      memory.copy(running, rows, spread, rows, rows);
      backend
          .images()
          .normalizeFixed(constants, slope, spread, passed, to.grid(), false, out, from.grid());
    }
    if (relu) {
      masked.giveBack(passed);
    }
    backend.rows().finish(input, out);
    return out;
  }

  private Tensor masked(Tensor dy) {
    int images = y.shape().samples(dy);
    Tensor made = y.samples(images);
    Tensor through = masked.lend(images);
    backend.rows().activateGradient(Activation.RELU, made, made, dy, through);
    return through;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(parameters);
  }

  @Override
  public List<Statistics> statistics() {
    return List.of(new Statistics(name + ".mean_variance", running));
  }

  @Override
  public void close() {
    parameters.close();
    running.close();
    saved.close();
    y.close();
  }
}
