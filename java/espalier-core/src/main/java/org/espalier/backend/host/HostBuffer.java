/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.concurrent.atomic.AtomicBoolean;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * A buffer over a Java array. Float data starts at element {@link #BASE} of its array, which a JVM
 * run with {@code -XX:ObjectAlignmentInBytes=64} places on a 64-byte line, and is followed by a
 * guard of one line, so that a SIMD load of the last elements stays inside the array.
 */
public final class HostBuffer implements DeviceBuffer {

  /** First element of FLOAT32 data: 16 bytes of array header and 12 floats fill one line. */
  public static final int BASE = 12;

  private final ElementType type;
  private final int length;
  private final HostMemory owner;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Object array;

  HostBuffer(ElementType type, int length, HostMemory owner) {
    this.type = type;
    this.length = length;
    this.owner = owner;
    this.array =
        switch (type) {
          case FLOAT32 -> new float[BASE + Tensor.strideFor(length) + Tensor.ROW_ALIGNMENT];
          case INT32 -> new int[length];
          case INT64 -> new long[length];
        };
  }

  /** Returns the array of a FLOAT32 buffer; element i of the buffer is {@code BASE + i}. */
  public static float[] floats(DeviceBuffer buffer) {
    return (float[]) array(buffer);
  }

  /** Returns the array of an INT32 buffer. */
  public static int[] ints(DeviceBuffer buffer) {
    return (int[]) array(buffer);
  }

  /** Returns the array of an INT64 buffer. */
  public static long[] longs(DeviceBuffer buffer) {
    return (long[]) array(buffer);
  }

  /** Returns the element of {@link #floats} at which row 0 of a tensor starts. */
  public static int start(Tensor tensor) {
    return BASE + (int) tensor.offset();
  }

  private static Object array(DeviceBuffer buffer) {
    Object array = ((HostBuffer) buffer).array;
    if (array == null) {
      throw new IllegalStateException("buffer used after it was closed");
    }
    return array;
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("buffer closed twice");
    }
    array = null;
    owner.released(this);
  }
}
