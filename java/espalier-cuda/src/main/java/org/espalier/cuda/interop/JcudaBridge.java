/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import java.lang.reflect.Field;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.runtime.cudaStream_t;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * A {@link SharedDevice} in JCuda's types. No native library of JCuda is needed for it; a program
 * that allocates with JCuda brings {@code org.jcuda:jcuda-natives} along.
 */
public final class JcudaBridge {

  private final SharedDevice device;

  /** Creates a bridge to the device of an open backend. */
  public JcudaBridge(SharedDevice device) {
    this.device = device;
  }

  /**
   * Returns a buffer over memory that a pointer points to, as {@link SharedDevice#wrap} does. The
   * program still frees the memory, after it has closed the buffer.
   *
   * @param length number of elements that are there
   * @throws IllegalArgumentException if the pointer does not point to device memory
   */
  public DeviceBuffer wrap(Pointer pointer, ElementType type, long length) {
    long address = DevicePointer.addressOf(pointer);
    if (address == 0) {
      throw new IllegalArgumentException(
          "a pointer was used that is null or points to Java memory; expected one to device memory");
    }
    return device.wrap(address, type, length);
  }

  /** Returns a pointer to element 0 of a buffer; it is valid until the buffer is closed. */
  public Pointer pointer(DeviceBuffer buffer) {
    return pointer(device.address(buffer));
  }

  /** Returns a pointer to an address. */
  public static Pointer pointer(long address) {
    return new DevicePointer(address);
  }

  /**
   * Returns {@link SharedDevice#stream} for JCuda: JCusparse, JCublas or kernels launched with it.
   */
  public cudaStream_t stream() {
    return stream(device.stream());
  }

  /** JCuda has no public way to make a stream of a handle, only the field that holds it. */
  private static cudaStream_t stream(long handle) {
    cudaStream_t stream = new cudaStream_t();
    try {
      Field field = NativePointerObject.class.getDeclaredField("nativePointer");
      field.setAccessible(true);
      field.setLong(stream, handle);
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException(
          "this release of JCuda keeps its handles elsewhere; expected 12.6", changed);
    }
    return stream;
  }
}
