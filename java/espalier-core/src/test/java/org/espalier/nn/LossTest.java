/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1f, Float.NaN})
  void smoothingOutsideOfItsRangeIsRefused(float smoothing) {
    assertThrows(IllegalArgumentException.class, () -> new Loss.SoftmaxCrossEntropy(smoothing));
  }
}
