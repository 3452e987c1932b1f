/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.espalier.UserException;
import org.espalier.backend.Memory;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Memory on the Java heap. */
public final class HostMemory implements Memory {

  private static final long MAX_LENGTH = Integer.MAX_VALUE - 128L;

  private final AtomicLong buffers = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  @Override
  public DeviceBuffer allocate(ElementType type, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("buffer of " + length + " elements");
    }
    if (length > MAX_LENGTH) {
      throw new UserException(
          "A buffer of %,d elements is more than a CPU backend can hold (%,d); use a smaller batch or network."
              .formatted(length, MAX_LENGTH));
    }
    HostBuffer buffer;
    try {
      buffer = new HostBuffer(type, (int) length, this);
    } catch (OutOfMemoryError error) {
      throw new UserException(
          "Not enough memory for a buffer of %,d bytes: the JVM's heap is limited to %,d bytes; raise it with -Xmx (the espalier command reads ESPALIER_HEAP, for example 12g)."
              .formatted(length * type.bytes(), Runtime.getRuntime().maxMemory()),
          error);
    }
    buffers.incrementAndGet();
    bytes.addAndGet(buffer.bytes());
    return buffer;
  }

  void released(HostBuffer buffer) {
    buffers.decrementAndGet();
    bytes.addAndGet(-buffer.bytes());
  }

  @Override
  public void upload(float[] source, int from, DeviceBuffer target, long at, int count) {
    checkRange(target, at, count);
    System.arraycopy(source, from, HostBuffer.floats(target), HostBuffer.BASE + (int) at, count);
  }

  @Override
  public void upload(int[] source, int from, DeviceBuffer target, long at, int count) {
    checkRange(target, at, count);
    System.arraycopy(source, from, HostBuffer.ints(target), (int) at, count);
  }

  @Override
  public void download(DeviceBuffer source, long at, float[] target, int from, int count) {
    checkRange(source, at, count);
    System.arraycopy(HostBuffer.floats(source), HostBuffer.BASE + (int) at, target, from, count);
  }

  @Override
  public void download(DeviceBuffer source, long at, int[] target, int from, int count) {
    checkRange(source, at, count);
    System.arraycopy(HostBuffer.ints(source), (int) at, target, from, count);
  }

  @Override
  public void copy(DeviceBuffer source, long from, DeviceBuffer target, long at, long count) {
    checkRange(source, from, count);
    checkRange(target, at, count);
    switch (source.type()) {
      case FLOAT32 ->
          System.arraycopy(
              HostBuffer.floats(source),
              HostBuffer.BASE + (int) from,
              HostBuffer.floats(target),
              HostBuffer.BASE + (int) at,
              (int) count);
      case INT32 ->
          System.arraycopy(
              HostBuffer.ints(source), (int) from, HostBuffer.ints(target), (int) at, (int) count);
      case INT64 ->
          System.arraycopy(
              HostBuffer.longs(source),
              (int) from,
              HostBuffer.longs(target),
              (int) at,
              (int) count);
      default ->
          throw new IllegalArgumentException("no copy between " + source.type() + " buffers");
    }
  }

  @Override
  public void fill(DeviceBuffer target, long at, long count, float value) {
    checkRange(target, at, count);
    int start = HostBuffer.BASE + (int) at;
    Arrays.fill(HostBuffer.floats(target), start, start + (int) count, value);
  }

  @Override
  public long liveBuffers() {
    return buffers.get();
  }

  @Override
  public long liveBytes() {
    return bytes.get();
  }

  private static void checkRange(DeviceBuffer buffer, long at, long count) {
    if (at < 0 || count < 0 || at > buffer.length() - count) {
      throw new IndexOutOfBoundsException(
          "%d elements from %d of a buffer of %d".formatted(count, at, buffer.length()));
    }
  }
}
