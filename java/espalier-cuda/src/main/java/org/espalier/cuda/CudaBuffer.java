/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.concurrent.atomic.AtomicBoolean;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * A buffer in device memory. Something derived from its content, such as the slab index of a
 * pattern, may be attached to it; it is closed with the buffer, or when the content changes.
 */
final class CudaBuffer implements DeviceBuffer {

  private final CudaMemory memory;
  private final ElementType type;
  private final long length;
  private final String owner;
  private final long address;
  private final AtomicBoolean closed = new AtomicBoolean();
  private CudaBuffer attachment;

  CudaBuffer(CudaMemory memory, ElementType type, long length, String owner, long address) {
    this.memory = memory;
    this.type = type;
    this.length = length;
    this.owner = owner;
    this.address = address;
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public long length() {
    return length;
  }

  CudaMemory memory() {
    return memory;
  }

  /** Returns what was being worked on when it was allocated, usually a layer. */
  String owner() {
    return owner;
  }

  /** Returns the address of element 0. */
  long address() {
    if (closed.get()) {
      throw new IllegalStateException("buffer used after it was closed" + of());
    }
    return address;
  }

  /** Returns what is attached, or null. */
  CudaBuffer attachment() {
    return attachment;
  }

  /** Attaches something in place of what was attached before; ownership passes here. */
  void attach(CudaBuffer derived) {
    if (attachment != null) {
      attachment.close();
    }
    attachment = derived;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("buffer closed twice" + of());
    }
    attach(null);
    memory.released(this, address);
  }

  private String of() {
    return owner.isEmpty() ? "" : " (allocated for '" + owner + "')";
  }
}
