/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.sparse.SparseWeights;
import org.espalier.tensor.Tensor;

/**
 * Layers in a row on one backend, with buffers for batches of up to a fixed size. Made by {@link
 * NetworkBuilder}; not safe for use by several threads at once.
 */
public final class Network implements AutoCloseable {

  private final Backend backend;
  private final int inputs;
  private final int maxPositions;
  private final Sequence layers;
  private final List<Layer> simpleLayers;
  private final List<Statistics> statistics;
  private final GradientMemory gradients;
  private final Activations input;

  /** Takes ownership of the layers and of the memory for their gradients. */
  Network(
      Backend backend, int inputs, int maxPositions, GradientMemory gradients, List<Layer> layers) {
    this.backend = backend;
    this.inputs = inputs;
    this.maxPositions = maxPositions;
    this.gradients = gradients;
    this.layers = new Sequence(backend, gradients, layers);
    this.simpleLayers = layers.stream().flatMap(Network::simple).toList();
    this.statistics = simpleLayers.stream().flatMap(l -> l.statistics().stream()).toList();
    backend.working("input");
    this.input = new Activations(backend, new TensorShape(inputs, null), maxPositions);
  }

  /** Returns the device the network lives on. */
  public Backend backend() {
    return backend;
  }

  /** Returns the number of input features. */
  public int inputs() {
    return inputs;
  }

  /** Returns the number of outputs. */
  public int outputs() {
    return layers.last().outputs();
  }

  /** Returns the largest batch. */
  public int maxPositions() {
    return maxPositions;
  }

  /** Returns the input of a batch, to be filled before {@link #forward}. */
  public Tensor input(int positions) {
    return input.samples(positions);
  }

  /**
   * Runs the layers forward.
   *
   * @param x inputs x n; only read, but needed until the backward pass is done
   * @return outputs x n, valid until the next forward pass
   */
  public Tensor forward(Tensor x, Pass pass) {
    return layers.forward(x, pass);
  }

  /**
   * Runs the layers backward.
   *
   * @param dOutputs gradient of the outputs of the forward pass before, in memory of its own;
   *     overwritten
   * @param inputGradient whether the gradient of the input is wanted
   * @param sink where the gradients of the parameters go
   * @return gradient of the input, valid until the next backward pass, or null if not wanted
   */
  public Tensor backward(Tensor dOutputs, boolean inputGradient, GradientSink sink) {
    gradients.giveBackAll();
    backend.rows().finish(layers.last().gradientEpilogue(), dOutputs);
    return layers.backward(dOutputs, inputGradient ? Epilogue.NONE : null, sink);
  }

  /** Returns the layers, input first. */
  public List<Layer> layers() {
    return layers.layers();
  }

  /** Returns everything training changes, input first. */
  public List<Parameter> parameters() {
    return layers.parameters();
  }

  /** Returns the layers that are not made of others, input first. */
  public List<Layer> simpleLayers() {
    return simpleLayers;
  }

  private static Stream<Layer> simple(Layer layer) {
    List<Layer> inner = layer.inner();
    return inner.isEmpty() ? Stream.of(layer) : inner.stream().flatMap(Network::simple);
  }

  /** Returns what predicting needs beside the parameters. */
  public List<Statistics> statistics() {
    return statistics;
  }

  /** Returns the weights of the sparse layers, input first. */
  public List<SparseWeights> sparseWeights() {
    return parameters().stream()
        .filter(parameter -> parameter instanceof SparseParameter sparse && !sparse.isFixed())
        .map(parameter -> ((SparseParameter) parameter).weights())
        .toList();
  }

  /**
   * Returns the connections of all layers with weights, dense ones counted whole; biases do not
   * count.
   */
  public long activeWeights() {
    return parameters().stream().filter(Parameter::decays).mapToLong(Parameter::size).sum();
  }

  /**
   * Returns the floating-point operations of the layers with weights in a forward pass of one
   * sample: a multiplication and an addition for each connection at each place of the output.
   */
  public double flops() {
    return flops(Parameter::size);
  }

  /** Returns what {@link #flops} would be if every layer were dense. */
  public double denseFlops() {
    return flops(Network::cells);
  }

  private double flops(ToLongFunction<Parameter> weights) {
    double sum = 0;
    for (Layer layer : simpleLayers) {
      for (Parameter parameter : layer.parameters()) {
        sum += parameter.decays() ? 2.0 * weights.applyAsLong(parameter) * layer.pixels() : 0;
      }
    }
    return sum;
  }

  /** Returns what {@link #activeWeights} would be if every layer were dense. */
  public long denseWeights() {
    return parameters().stream().filter(Parameter::decays).mapToLong(Network::cells).sum();
  }

  private static long cells(Parameter parameter) {
    return parameter instanceof SparseParameter sparse && !sparse.isFixed()
        ? (long) sparse.weights().csr().rows() * sparse.weights().csr().columns()
        : parameter.size();
  }

  /** Returns the first parameter that holds a number that is not finite. */
  public Optional<String> firstNotFinite() {
    return parameters().stream()
        .filter(p -> !Double.isFinite(backend.updates().sumOfSquares(p.values(), p.size())))
        .map(Parameter::name)
        .findFirst();
  }

  /**
   * Runs a batch forward once more, layer by layer, to find where it goes wrong.
   *
   * @return the first layer whose outputs are not all finite
   */
  public Optional<String> firstNotFinite(Tensor x, Pass pass) {
    Tensor activations = x;
    for (Layer layer : layers()) {
      activations = layer.forward(activations, pass);
      float[] row = new float[activations.positions()];
      for (int r = 0; r < activations.rows(); r++) {
        long at = activations.offset() + (long) r * activations.stride();
        backend.memory().download(activations.buffer(), at, row, 0, row.length);
        for (float value : row) {
          if (!Float.isFinite(value)) {
            return Optional.of(layer.name());
          }
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    layers.close();
    gradients.close();
    input.close();
  }
}
