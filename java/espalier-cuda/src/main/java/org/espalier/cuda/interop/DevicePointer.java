/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import jcuda.Pointer;

/** A JCuda pointer made of an address, and the way back; JCuda shows both to subclasses only. */
final class DevicePointer extends Pointer {

  DevicePointer(long address) {
    super(address);
  }

  private DevicePointer(Pointer other) {
    super(other);
  }

  /** Returns where a pointer points; 0 if that is a Java array or a buffer of Java's. */
  static long addressOf(Pointer pointer) {
    DevicePointer same = new DevicePointer(pointer);
    long start = same.getNativePointer();
    return start == 0 ? 0 : start + same.getByteOffset();
  }
}
