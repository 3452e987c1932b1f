/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;

/** Host memory on a boundary of 256 bytes, which is what the emulator takes for device memory. */
final class HostBlock implements AutoCloseable {

  private static final int ALIGNMENT = 256;

  private final BytePointer memory;
  private final long address;
  private final ByteBuffer bytes;

  HostBlock(int words) {
    memory = new BytePointer(4L * words + ALIGNMENT);
    int skipped = (int) Math.floorMod(-memory.address(), (long) ALIGNMENT);
    address = memory.address() + skipped;
    bytes = memory.asByteBuffer().position(skipped).slice().order(ByteOrder.nativeOrder());
  }

  static HostBlock of(float... values) {
    HostBlock block = new HostBlock(values.length);
    block.floats().put(0, values);
    return block;
  }

  static HostBlock of(int... values) {
    HostBlock block = new HostBlock(values.length);
    block.ints().put(0, values);
    return block;
  }

  long address() {
    return address;
  }

  FloatBuffer floats() {
    return bytes.asFloatBuffer();
  }

  IntBuffer ints() {
    return bytes.asIntBuffer();
  }

  @Override
  public void close() {
    memory.close();
  }
}
