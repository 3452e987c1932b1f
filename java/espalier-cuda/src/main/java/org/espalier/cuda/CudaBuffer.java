/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * A buffer in device memory, its own or somebody else's. Something that goes with its content, such
 * as the slab index of a pattern, may be attached to it; it is closed with the buffer, or when the
 * content changes.
 */
final class CudaBuffer implements DeviceBuffer {

  private final CudaMemory memory;
  private final ElementType type;
  private final long length;
  private final String owner;
  private final long address;
  private final boolean view;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<Runnable> watchers = new ArrayList<>(0);
  private Object attached; // what the attachment is an answer to
  private CudaBuffer attachment;

  /**
   * Creates a buffer.
   *
   * @param view whether the memory belongs to somebody else
   */
  CudaBuffer(
      CudaMemory memory, ElementType type, long length, String owner, long address, boolean view) {
    this.memory = memory;
    this.type = type;
    this.length = length;
    this.owner = owner;
    this.address = address;
    this.view = view;
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

  /** Tells whether the memory belongs to somebody else. */
  boolean isView() {
    return view;
  }

  /** Returns what was attached for this purpose, or null. */
  CudaBuffer attachment(Object purpose) {
    return attached == purpose ? attachment : null;
  }

  /**
   * Attaches something in place of what was attached before; ownership passes here.
   *
   * @param purpose compared by identity
   */
  void attach(Object purpose, CudaBuffer derived) {
    CudaBuffer before = attachment;
    attached = purpose;
    attachment = derived;
    if (before != null) {
      before.close();
    }
  }

  /** Runs the action once, when the content changes or the buffer is closed. */
  void whenChanged(Runnable action) {
    address(); // refuses a closed buffer, whose time has passed
    watchers.add(action);
  }

  /** Notes that the content is another one: what was derived from it goes. */
  void changed() {
    attach(null, null);
    List<Runnable> told = List.copyOf(watchers);
    watchers.clear();
    told.forEach(Runnable::run);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      throw new IllegalStateException("buffer closed twice" + of());
    }
    changed();
    memory.released(this, address);
  }

  private String of() {
    return owner.isEmpty() ? "" : " (allocated for '" + owner + "')";
  }
}
