/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.cuda.interop.SharedDevice;
import org.espalier.cuda.nativeapi.NativeContext;
import org.espalier.cuda.nativeapi.NativeFailure;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Memory and stream of a backend, as other libraries see them. */
final class CudaSharing implements SharedDevice {

  private final NativeContext context;
  private final CommandQueue queue;
  private final CudaMemory memory;

  CudaSharing(NativeContext context, CommandQueue queue, CudaMemory memory) {
    this.context = context;
    this.queue = queue;
    this.memory = memory;
  }

  @Override
  public DeviceBuffer wrap(long address, ElementType type, long length) {
    return memory.wrap(address, type, length);
  }

  @Override
  public long address(DeviceBuffer buffer, ElementType type, long at, long count) {
    return memory.element(buffer, type, at, count);
  }

  @Override
  public void changed(DeviceBuffer buffer) {
    memory.own(buffer).changed();
  }

  @Override
  public void whenChanged(DeviceBuffer buffer, Runnable action) {
    memory.own(buffer).whenChanged(action);
  }

  @Override
  public long stream() {
    queue.flush(0);
    try {
      return context.stream(); // a native call, which makes the device current
    } catch (NativeFailure failure) {
      throw failure.explained("");
    }
  }

  @Override
  public void finish() {
    queue.finish();
    try {
      context.await(0); // what others enqueued is no submission of the queue
    } catch (NativeFailure failure) {
      throw failure.explained("");
    }
  }
}
