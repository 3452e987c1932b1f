/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.espalier.backend.Backend;
import org.espalier.backend.SampleReader;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleLinesTest {

  /** Samples one after the other from the array's first number to its last. */
  private record InArray(float[] numbers, int features) implements SampleReader {

    @Override
    public float[] array(int position) {
      return numbers;
    }

    @Override
    public int start(int position) {
      return position * features;
    }

    @Override
    public void read(int position, int first, int end, float[] target, int at) {
      throw new AssertionError("a piece was asked for");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 9", "17, 8", "64, 7", "784, 33", "1025, 17"})
  void samplesAreReadWhereTheyStand(int features, int samples) {
    float[] array = new float[samples * features];
    for (int i = 0; i < array.length; i++) {
      array[i] = i;
    }
    int stride = Tensor.strideFor(samples);
    try (Backend backend = new VectorBackendProvider().create(2);
        DeviceBuffer memory =
            backend.memory().allocate(ElementType.FLOAT32, (long) features * stride)) {
      Tensor x = new Tensor(memory, 0, features, samples, stride);
      backend.rows().gather(new InArray(array, features), null, x);
      float[] gathered = backend.memory().floats(memory, features * stride);
      for (int i = 0; i < array.length; i++) {
        assertEquals(array[i], gathered[i % features * stride + i / features]);
      }
    }
  }
}
