/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import jcuda.Pointer;
import org.espalier.backend.Memory;
import org.espalier.cuda.interop.JcudaBridge;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Memory that cuSPARSE asks for, from the backend; there may be none. */
final class ExternalBuffer implements AutoCloseable {

  private final SharedDevice device;
  private final Memory memory;
  private DeviceBuffer buffer;

  ExternalBuffer(SharedDevice device, Memory memory) {
    this.device = device;
    this.memory = memory;
  }

  /** Allocates at least that many bytes, once. */
  void allocate(long bytes) {
    if (bytes > 0) {
      int word = ElementType.INT64.bytes();
      buffer = memory.allocate(ElementType.INT64, (bytes + word - 1) / word);
    }
  }

  /** Returns a pointer to the memory, null to the device if there is none. */
  Pointer pointer() {
    return JcudaBridge.pointer(buffer == null ? 0 : device.address(buffer));
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
    }
  }
}
