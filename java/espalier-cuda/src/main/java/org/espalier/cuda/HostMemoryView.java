/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.Pointer;

/** Native host memory that belongs to somebody else, seen as Java buffers. */
final class HostMemoryView {

  /** A pointer to given memory, which it does not own. */
  private static final class Address extends Pointer {

    Address(long address, long bytes) {
      this.address = address;
      this.limit = bytes;
      this.capacity = bytes;
    }
  }

  private final long address;
  private final FloatBuffer floats;
  private final IntBuffer ints;
  private final LongBuffer longs;

  HostMemoryView(long address, int bytes) {
    this.address = address;
    ByteBuffer memory = new Address(address, bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    this.floats = memory.asFloatBuffer();
    this.ints = memory.asIntBuffer();
    this.longs = memory.asLongBuffer();
  }

  long address() {
    return address;
  }

  /** Returns the memory as floats; use absolute positions. */
  FloatBuffer floats() {
    return floats;
  }

  /** Returns the memory as ints; use absolute positions. */
  IntBuffer ints() {
    return ints;
  }

  /** Returns the memory as longs; use absolute positions. */
  LongBuffer longs() {
    return longs;
  }
}
