/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.cuda.nativeapi.NativeContext;

/**
 * Page-locked host memory and as much device memory, its twin. What is put into one is copied to
 * the other by one transfer of a submission. It is allocated when first used.
 */
final class StagingArea {

  private static final String OWNER = "batches on their way";
  private static final int ALIGNMENT = 256;

  private final NativeContext context;
  private final DeviceAllocator allocator;
  private int capacity;
  private HostMemoryView host;
  private long device;
  private int used;

  StagingArea(NativeContext context, DeviceAllocator allocator, int capacity) {
    this.context = context;
    this.allocator = allocator;
    this.capacity = capacity;
  }

  HostMemoryView host() {
    return host;
  }

  /** Returns the address of the device's twin. */
  long device() {
    return device;
  }

  int capacity() {
    return capacity;
  }

  int used() {
    return used;
  }

  boolean hasRoom(long bytes) {
    return bytes <= capacity - start();
  }

  private int start() {
    return (used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Returns where that many bytes may be put; there is room. */
  int reserve(long bytes) {
    if (host == null) {
      device = allocator.allocate(capacity, OWNER);
      host = new HostMemoryView(context.allocatePinned(capacity), capacity);
    }
    int at = start();
    used = at + (int) bytes;
    return at;
  }

  void clear() {
    used = 0;
  }

  /** Makes the area larger; nothing is in it and no work uses it. */
  void grow(int bytes) {
    release();
    capacity = bytes;
  }

  void release() {
    if (host != null) {
      context.releasePinned(host.address());
      host = null;
      allocator.release(device, capacity, OWNER);
    }
  }
}
