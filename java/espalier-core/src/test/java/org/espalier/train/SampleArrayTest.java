/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.espalier.backend.Backend;
import org.espalier.backend.RowOps;
import org.espalier.backend.SampleReader;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.topology.UniformDensity;
import org.junit.jupiter.api.Test;

/** Samples that stand in an array are found there, from the source to the backend. */
class SampleArrayTest {

  private static final int SAMPLES = 10;
  private static final int FEATURES = 3;
  private static final int OFFSET = 5;

  /** What a backend is given to gather from, in the call. */
  private SampleReader reader;

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  private static SampleSource source(FloatBuffer rows) {
    return SampleSource.of(rows, FEATURES, new int[SAMPLES], 1);
  }

  /** Samples in the middle of an array: a slice of it from its position on. */
  private static SampleSource slice(float[] array) {
    FloatBuffer rows = FloatBuffer.wrap(array, 2, array.length - 2).slice();
    return source(rows.position(OFFSET - 2).limit(OFFSET - 2 + SAMPLES * FEATURES));
  }

  private static FloatBuffer direct() {
    return ByteBuffer.allocateDirect(4 * SAMPLES * FEATURES).asFloatBuffer();
  }

  @Test
  void arraysAndSlicesOfThem() {
    float[] array = numbers(SAMPLES * FEATURES);
    SampleSource whole = SampleSource.of(array, FEATURES, new int[SAMPLES], 1);
    assertSame(array, whole.array(0));
    assertEquals(4 * FEATURES, whole.start(4));
    float[] longer = numbers(100);
    SampleSource slice = slice(longer);
    assertSame(longer, slice.array(0));
    for (int i = 0; i < SAMPLES; i++) {
      float[] read = new float[1];
      slice.read(i, 1, 2, read, 0);
      assertEquals(read[0], longer[slice.start(i) + 1]);
    }
  }

  @Test
  void otherBuffersAndViewsHaveNone() {
    assertNull(source(direct()).array(0));
    assertNull(source(FloatBuffer.allocate(SAMPLES * FEATURES).asReadOnlyBuffer()).array(0));
    SampleSource source = source(FloatBuffer.allocate(SAMPLES * FEATURES));
    SampleView view = () -> source; // it may show other numbers
    assertNull(view.array(0));
    assertThrows(UnsupportedOperationException.class, () -> view.start(0));
    try (SamplePass pass = view.pass(i -> i, 0)) {
      pass.prepare(0, 1, 0);
      assertNull(pass.array(0));
    }
  }

  @Test
  void chosenSamplesStandWhereTheyDidBefore() {
    float[] array = numbers(SAMPLES * FEATURES);
    SampleSource source = SampleSource.of(array, FEATURES, new int[SAMPLES], 1);
    SampleSource chosen = new ChosenSamples(source, new int[] {3, 1});
    assertSame(array, chosen.array(1));
    assertEquals(FEATURES, chosen.start(1));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** The backend, but gathering only notes the reader. */
  private Backend noting(Backend backend) {
    RowOps rows =
        proxy(
            RowOps.class,
            (self, method, arguments) -> {
              assertEquals("gather", method.getName());
              reader = (SampleReader) arguments[0];
              return null;
            });
    return proxy(
        Backend.class,
        (self, method, arguments) ->
            method.getName().equals("rows") ? rows : method.invoke(backend, arguments));
  }

  private static Network network(Backend backend) {
    NetworkSpec spec = NetworkSpec.inputs(FEATURES).denseLinear(2);
    return new NetworkBuilder(spec, new UniformDensity(1), WeightInit.HE, true, 1, 4)
        .build(backend);
  }

  private void assertInArray(float[] array, int count) {
    for (int p = 0; p < count; p++) {
      assertSame(array, reader.array(p));
      float[] read = new float[FEATURES];
      reader.read(p, 0, FEATURES, read, 0);
      for (int f = 0; f < FEATURES; f++) {
        assertEquals(read[f], array[reader.start(p) + f], "feature " + f + " at " + p);
      }
    }
  }

  @Test
  void theBackendReadsThemThereUnlessTheyAreMixed() {
    float[] array = numbers(100);
    try (Backend scalar = new ScalarBackend();
        Network network = network(noting(scalar));
        BatchLoader loader = new BatchLoader(network, slice(array), 4)) {
      for (int epoch = 0; epoch < 3; epoch++) {
        loader.shuffle(1, epoch);
        loader.load(0);
        assertInArray(array, 4);
        loader.load(2);
        assertInArray(array, 2);
      }
      loader.mix(0.5);
      loader.load(0);
      assertNull(reader.array(0));
      loader.loadFrom(8);
      assertInArray(array, 4);
      loader.mix(0);
      loader.load(1);
      assertInArray(array, 4);
    }
  }

  @Test
  void theBackendIsGivenNoneThatTheSourceHasNot() {
    try (Backend scalar = new ScalarBackend();
        Network network = network(noting(scalar));
        BatchLoader loader = new BatchLoader(network, source(direct()), 4)) {
      loader.load(0);
      assertNull(reader.array(0));
    }
  }
}
