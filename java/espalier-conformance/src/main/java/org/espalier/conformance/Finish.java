/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Activation;
import org.espalier.backend.Epilogue;
import org.espalier.tensor.ImageGrid;

/**
 * An {@link Epilogue} of a case, without its tensor.
 *
 * @param kind what is done
 * @param activation the function; null for NONE
 */
record Finish(Epilogue.Kind kind, Activation activation) {

  static final Finish NONE = new Finish(Epilogue.Kind.NONE, null);

  static final Finish RELU = new Finish(Epilogue.Kind.ACTIVATE, Activation.RELU);

  static final Finish RELU_GRADIENT = new Finish(Epilogue.Kind.GRADIENT, Activation.RELU);

  /** Returns every epilogue that does something. */
  static List<Finish> all() {
    List<Finish> all = new ArrayList<>();
    for (Activation activation :
        List.of(
            Activation.RELU, Activation.leakyRelu(0.25f), Activation.SIGMOID, Activation.TANH)) {
      all.add(new Finish(Epilogue.Kind.ACTIVATE, activation));
      all.add(new Finish(Epilogue.Kind.GRADIENT, activation));
    }
    return all;
  }

  /** Returns the epilogue of a product with so many rows. */
  Epilogue in(Workspace workspace, int rows, Batch batch) {
    return kind == Epilogue.Kind.GRADIENT
        ? Epilogue.gradient(activation, workspace.input(rows, batch))
        : new Epilogue(kind, activation, null);
  }

  /** Returns the epilogue of a product whose result is images. */
  Epilogue in(Workspace workspace, int rows, int images, ImageGrid grid) {
    return kind == Epilogue.Kind.GRADIENT
        ? Epilogue.gradient(activation, workspace.images(rows, images, grid, 0))
        : new Epilogue(kind, activation, null);
  }

  /** Returns the bound of the result, given that of the product's sums of terms below 1. */
  ErrorBound bound(int terms) {
    boolean approximated =
        kind == Epilogue.Kind.ACTIVATE
            && (activation.kind() == Activation.Kind.SIGMOID
                || activation.kind() == Activation.Kind.TANH);
    return approximated ? ErrorBound.transcendental(1, terms) : ErrorBound.sum(terms, 1);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NONE -> "";
      case ACTIVATE -> " then " + activation.kind();
      case GRADIENT -> " then gradient of " + activation.kind();
    };
  }
}
