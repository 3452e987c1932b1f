/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Buffers of a backend and the copies between them and Java arrays. */
public interface Memory {

  /**
   * Allocates a buffer of zeros.
   *
   * @throws org.espalier.UserException if the device has not that much memory
   */
  DeviceBuffer allocate(ElementType type, long length);

  /** Copies {@code count} floats from {@code source[from..]} to {@code target[at..]}. */
  void upload(float[] source, int from, DeviceBuffer target, long at, int count);

  /** Copies {@code count} ints from {@code source[from..]} to {@code target[at..]}. */
  void upload(int[] source, int from, DeviceBuffer target, long at, int count);

  /** Copies {@code count} floats from {@code source[at..]} to {@code target[from..]}. */
  void download(DeviceBuffer source, long at, float[] target, int from, int count);

  /** Copies {@code count} ints from {@code source[at..]} to {@code target[from..]}. */
  void download(DeviceBuffer source, long at, int[] target, int from, int count);

  /**
   * Reads floats as they are at this point in the order of operations, without waiting for them:
   * operations that follow may overwrite them. A backend whose device works on its own lets the
   * caller go on, and a training loop that asks for the result of a step only after it has asked
   * for the next step keeps the device busy.
   */
  default PendingFloats downloadLater(DeviceBuffer source, long at, int count) {
    float[] values = new float[count];
    download(source, at, values, 0, count);
    return new PendingFloats() {
      @Override
      public boolean ready() {
        return true;
      }

      @Override
      public void get(float[] target, int from) {
        System.arraycopy(values, 0, target, from, values.length);
      }
    };
  }

  /** Copies {@code count} elements between two buffers of one type. */
  void copy(DeviceBuffer source, long from, DeviceBuffer target, long at, long count);

  /** Sets {@code count} floats from {@code at} on. */
  void fill(DeviceBuffer target, long at, long count, float value);

  /** Returns the number of buffers allocated and not yet closed. */
  long liveBuffers();

  /** Returns the bytes allocated and not yet closed. */
  long liveBytes();

  /** Allocates an INT32 buffer that holds a copy of an array. */
  default DeviceBuffer of(int[] values) {
    DeviceBuffer buffer = allocate(ElementType.INT32, values.length);
    upload(values, 0, buffer, 0, values.length);
    return buffer;
  }

  /** Allocates a FLOAT32 buffer that holds a copy of an array. */
  default DeviceBuffer of(float[] values) {
    DeviceBuffer buffer = allocate(ElementType.FLOAT32, values.length);
    upload(values, 0, buffer, 0, values.length);
    return buffer;
  }

  /** Returns a copy of the first {@code count} elements of a FLOAT32 buffer. */
  default float[] floats(DeviceBuffer source, int count) {
    float[] copy = new float[count];
    download(source, 0, copy, 0, count);
    return copy;
  }

  /** Returns a copy of the first {@code count} elements of an INT32 buffer. */
  default int[] ints(DeviceBuffer source, int count) {
    int[] copy = new int[count];
    download(source, 0, copy, 0, count);
    return copy;
  }
}
