/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Compares the gradients of a network, of every parameter and of the input, with central
 * differences of an {@link Objective}.
 *
 * <p>Each difference is taken with two steps and extrapolated, which removes the error of second
 * order. Where the two do not fit together there is a kink (of a ReLU, say) between: such numbers
 * are counted as skipped, and a caller asserts that they are few.
 */
public final class GradientCheck {

  /** A differentiable function of the outputs. */
  @FunctionalInterface
  public interface Objective {

    /**
     * Returns the function's value.
     *
     * @param outputs what the network computed
     * @param dOutputs where its gradient goes, or null when only the value is wanted
     */
    double apply(Tensor outputs, Tensor dOutputs);
  }

  /**
   * How close is close enough: {@code |analytic - numeric| <= relative * max(|analytic|, |numeric|,
   * floor)}.
   *
   * @param step the larger of the two steps
   * @param relative largest relative error
   * @param floor gradients smaller than this are compared as if they were as large
   */
  public record Tolerance(double step, double relative, double floor) {

    /** Fits single precision with values around one. */
    public static final Tolerance FLOAT32 = new Tolerance(2e-2, 2e-3, 0.05);

    boolean holds(double a, double b) {
      return Math.abs(a - b) <= relative * Math.max(floor, Math.max(Math.abs(a), Math.abs(b)));
    }
  }

  /**
   * A gradient that is not the slope.
   *
   * @param where name of the parameter, or {@code input}
   * @param index which of its numbers
   * @param analytic what the backward pass computed
   * @param numeric what differences give
   */
  public record Mismatch(String where, int index, double analytic, double numeric) {}

  /**
   * What a check found.
   *
   * @param compared numbers compared
   * @param skipped numbers next to a kink
   * @param mismatches what is wrong
   */
  public record Result(int compared, int skipped, List<Mismatch> mismatches) {}

  /** Sets one number of a parameter or of the input. */
  private interface Setter {
    void set(int index, float value);
  }

  private final Network network;
  private final Pass pass;
  private final Objective objective;
  private final Tolerance tolerance;
  private final float[] samples;
  private final int positions;
  private final List<Mismatch> mismatches = new ArrayList<>();
  private int compared;
  private int skipped;

  /**
   * Prepares a check.
   *
   * @param pass used for every forward pass, so that dropout is the same in all
   * @param samples inputs x positions, feature-major without padding
   */
  public GradientCheck(
      Network network,
      Pass pass,
      Objective objective,
      float[] samples,
      int positions,
      Tolerance tolerance) {
    this.network = network;
    this.pass = pass;
    this.objective = objective;
    this.samples = samples.clone();
    this.positions = positions;
    this.tolerance = tolerance;
  }

  /** Checks every number of every parameter and of the input. */
  public Result run() {
    Memory memory = network.backend().memory();
    float[] inputGradient = gradients(true);
    List<float[]> gradients = parameterGradients();
    // the shorter backward pass, as in training, must leave the same parameter gradients
    gradients(false);
    List<float[]> again = parameterGradients();
    for (int i = 0; i < network.parameters().size(); i++) {
      Parameter parameter = network.parameters().get(i);
      float[] values = memory.floats(parameter.values(), Math.toIntExact(parameter.size()));
      Setter setter =
          (index, value) -> {
            memory.upload(new float[] {value}, 0, parameter.values(), index, 1);
            parameter.updated();
          };
      compare(parameter.name(), values, gradients.get(i), setter);
      for (int k = 0; k < values.length; k++) {
        if (gradients.get(i)[k] != again.get(i)[k]) {
          String where = parameter.name() + " without input gradient";
          mismatches.add(new Mismatch(where, k, again.get(i)[k], gradients.get(i)[k]));
        }
      }
    }
    compare("input", samples.clone(), inputGradient, (index, value) -> samples[index] = value);
    return new Result(compared, skipped, List.copyOf(mismatches));
  }

  private void compare(String where, float[] values, float[] analytic, Setter setter) {
    for (int i = 0; i < values.length; i++) {
      setter.set(i, values[i]);
      double here = objective.apply(forward(), null);
      Slopes wide = slopes(i, values[i], here, tolerance.step(), setter);
      Slopes narrow = slopes(i, values[i], here, tolerance.step() / 2, setter);
      setter.set(i, values[i]);
      // twice the step means twice the bend, unless there is a kink right here
      double kink = narrow.bend() - wide.bend() / 2;
      if (!tolerance.holds(wide.mean(), narrow.mean())
          || !tolerance.holds(narrow.mean(), narrow.mean() + kink)) {
        skipped++;
        continue;
      }
      compared++;
      double numeric = (4 * narrow.mean() - wide.mean()) / 3;
      if (!tolerance.holds(analytic[i], numeric)) {
        mismatches.add(new Mismatch(where, i, analytic[i], numeric));
      }
    }
  }

  /** The slopes on both sides of a point. */
  private record Slopes(double left, double right) {

    double mean() {
      return (left + right) / 2;
    }

    double bend() {
      return right - left;
    }
  }

  private Slopes slopes(int index, float value, double here, double step, Setter setter) {
    float above = (float) (value + step);
    float below = (float) (value - step);
    setter.set(index, above);
    double high = objective.apply(forward(), null);
    setter.set(index, below);
    double low = objective.apply(forward(), null);
    return new Slopes(
        (here - low) / ((double) value - below), (high - here) / ((double) above - value));
  }

  private Tensor forward() {
    Tensor input = network.input(positions);
    for (int f = 0; f < network.inputs(); f++) {
      long at = input.offset() + (long) f * input.stride();
      network.backend().memory().upload(samples, f * positions, input.buffer(), at, positions);
    }
    return network.forward(input, pass);
  }

  /** Runs forward and backward; returns the gradient of the input, if wanted. */
  private float[] gradients(boolean ofInput) {
    Memory memory = network.backend().memory();
    Tensor outputs = forward();
    long size = (long) outputs.rows() * outputs.stride();
    try (DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, size)) {
      Tensor dOutputs = new Tensor(buffer, 0, outputs.rows(), positions, outputs.stride());
      objective.apply(outputs, dOutputs);
      Tensor dInput = network.backward(dOutputs, ofInput, GradientSink.keep(network.backend()));
      return ofInput ? download(memory, dInput) : new float[0];
    }
  }

  private List<float[]> parameterGradients() {
    Memory memory = network.backend().memory();
    return network.parameters().stream()
        .map(p -> memory.floats(p.gradient(), Math.toIntExact(p.size())))
        .toList();
  }

  /** Returns the numbers of a tensor, row after row without padding. */
  static float[] download(Memory memory, Tensor tensor) {
    float[] numbers = new float[tensor.rows() * tensor.positions()];
    for (int r = 0; r < tensor.rows(); r++) {
      long at = tensor.offset() + (long) r * tensor.stride();
      memory.download(tensor.buffer(), at, numbers, r * tensor.positions(), tensor.positions());
    }
    return numbers;
  }
}
