/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.IntPointer;
import org.espalier.cuda.nativeapi.NativeContext;
import org.espalier.cuda.nativeapi.NativeFailure;

/**
 * Copies between Java arrays and device memory that are too large to travel with the commands, a
 * block at a time. Everything asked for before happens before.
 */
final class PlainCopies implements AutoCloseable {

  /** Elements of a block. */
  private static final int BLOCK = 1 << 18;

  private final NativeContext context;
  private final CommandQueue queue;
  private final IntPointer memory = new IntPointer(BLOCK);
  private final IntBuffer ints;
  private final FloatBuffer floats;

  PlainCopies(NativeContext context, CommandQueue queue) {
    this.context = context;
    this.queue = queue;
    HostMemoryView view = new HostMemoryView(memory.address(), Integer.BYTES * BLOCK);
    this.ints = view.ints();
    this.floats = view.floats();
  }

  /** Moves a block between the array and {@link #memory}. */
  @FunctionalInterface
  private interface Mover {

    void move(int at, int count);
  }

  void write(float[] source, int from, long address, int count) {
    write(address, count, (at, size) -> floats.put(0, source, from + at, size));
  }

  void write(int[] source, int from, long address, int count) {
    write(address, count, (at, size) -> ints.put(0, source, from + at, size));
  }

  void read(long address, float[] target, int from, int count) {
    read(address, count, (at, size) -> floats.get(0, target, from + at, size));
  }

  void read(long address, int[] target, int from, int count) {
    read(address, count, (at, size) -> ints.get(0, target, from + at, size));
  }

  private void write(long address, int count, Mover fill) {
    queue.flush(0);
    for (int at = 0; at < count; at += BLOCK) {
      int size = Math.min(BLOCK, count - at);
      fill.move(at, size);
      try {
        context.write(address + (long) Integer.BYTES * at, memory.address(), 4L * size);
      } catch (NativeFailure failure) {
        throw failure.explained("");
      }
    }
  }

  private void read(long address, int count, Mover empty) {
    queue.flush(0);
    for (int at = 0; at < count; at += BLOCK) {
      int size = Math.min(BLOCK, count - at);
      try {
        context.read(address + (long) Integer.BYTES * at, memory.address(), 4L * size);
      } catch (NativeFailure failure) {
        throw failure.explained("");
      }
      queue.waitedForAll();
      empty.move(at, size);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
