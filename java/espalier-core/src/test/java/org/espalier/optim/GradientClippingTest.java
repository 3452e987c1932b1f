/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.DenseParameter;
import org.espalier.nn.Parameter;
import org.junit.jupiter.api.Test;

class GradientClippingTest {

  private final ScalarBackend backend = new ScalarBackend();

  private double scale(double maxNorm, float[]... gradients) {
    List<Parameter> parameters = new ArrayList<>();
    for (float[] gradient : gradients) {
      Parameter parameter =
          new DenseParameter(backend, "p" + parameters.size(), new float[gradient.length], true);
      backend.memory().upload(gradient, 0, parameter.gradient(), 0, gradient.length);
      parameters.add(parameter);
    }
    double scale = GradientClipping.scale(backend.updates(), parameters, maxNorm);
    parameters.forEach(Parameter::close);
    return scale;
  }

  @Test
  void allGradientsTogetherAreBroughtDownToTheNorm() {
    float[] a = {3, 0};
    float[] b = {0, 4, 12};
    assertEquals(1, scale(13, a, b));
    assertEquals(0.5, scale(6.5, a, b), 1e-12);
    assertEquals(1, scale(100, a, b));
  }

  @Test
  void zeroMeansNoClipping() {
    assertEquals(1, scale(0, new float[] {1e20f}));
  }

  @Test
  void largeGradientsDoNotOverflow() {
    assertEquals(1e-30, scale(1, new float[] {1e30f}), 1e-36);
  }

  @Test
  void nothingToClip() {
    assertEquals(1, scale(1, new float[3]));
  }
}
