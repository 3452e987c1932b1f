/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Backend;
import org.espalier.tensor.Tensor;

/** An activation without parameters. */
final class ActivationLayer implements Layer {

  private final Backend backend;
  private final String name;
  private final Activation activation;
  private final int rows;
  private final Activations own;
  private Tensor x;
  private Tensor y;

  /**
   * Creates the layer.
   *
   * @param ownsInput whether nobody else needs the input; it is then overwritten if the derivative
   *     can be read off the output
   */
  ActivationLayer(
      Backend backend,
      String name,
      Activation activation,
      int rows,
      int maxPositions,
      boolean ownsInput) {
    this.backend = backend;
    this.name = name;
    this.activation = activation;
    this.rows = rows;
    this.own =
        ownsInput && activation.derivativeFromOutput()
            ? null
            : new Activations(backend, rows, maxPositions);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int outputs() {
    return rows;
  }

  @Override
  public Tensor forward(Tensor input, Pass pass) {
    x = input;
    y = own == null ? input : own.positions(input.positions());
    backend.rows().activate(activation, x, y);
    return y;
  }

  @Override
  public Tensor backward(Tensor dy, boolean inputGradient) {
    if (!inputGradient) {
      return null;
    }
    backend.rows().activateGradient(activation, x, y, dy, dy);
    return dy;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
