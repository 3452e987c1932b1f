/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.concurrent.atomic.AtomicLong;
import org.espalier.backend.Memory;
import org.espalier.backend.PendingFloats;
import org.espalier.cuda.CommandQueue.Staged;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/** Device memory. Small copies travel with the commands around them, large ones by themselves. */
final class CudaMemory implements Memory {

  /** Uploads up to this size are staged; see {@link CommandQueue#stage}. */
  private static final int STAGED_BYTES = StagingSlot.UPLOADS / 4;

  private final CommandQueue queue;
  private final DeviceAllocator allocator;
  private final PlainCopies copies;
  private final AtomicLong buffers = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  CudaMemory(CommandQueue queue, DeviceAllocator allocator, PlainCopies copies) {
    this.queue = queue;
    this.allocator = allocator;
    this.copies = copies;
  }

  @Override
  public CudaBuffer allocate(ElementType type, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("buffer of " + length + " elements");
    }
    long size = Math.multiplyExact(length, type.bytes());
    String owner = queue.part();
    CudaBuffer buffer =
        new CudaBuffer(this, type, length, owner, allocator.allocate(size, owner), false);
    buffers.incrementAndGet();
    bytes.addAndGet(size);
    return buffer;
  }

  /** Returns a buffer of memory that belongs to somebody else; it counts as one, of no bytes. */
  CudaBuffer wrap(long address, ElementType type, long length) {
    if (length < 0 || (address == 0 && length > 0) || address % type.bytes() != 0) {
      throw new IllegalArgumentException(
          "%d elements of %s at device address 0x%x were to be used; expected an address that is a multiple of %d"
              .formatted(length, type, address, type.bytes()));
    }
    Math.multiplyExact(length, type.bytes());
    buffers.incrementAndGet();
    return new CudaBuffer(this, type, length, queue.part(), address, true);
  }

  /**
   * Gives the memory of a buffer back after the commands that may use it. Memory that belongs to
   * somebody else may be gone as soon as this returns, so those commands are waited for.
   */
  void released(CudaBuffer buffer, long address) {
    buffers.decrementAndGet();
    if (buffer.isView()) {
      queue.finish();
      return;
    }
    bytes.addAndGet(-buffer.bytes());
    queue.flush(0);
    allocator.release(address, buffer.bytes(), buffer.owner());
  }

  @Override
  public void upload(float[] source, int from, DeviceBuffer target, long at, int count) {
    long address = written(target, ElementType.FLOAT32, at, count);
    long size = (long) Float.BYTES * count;
    if (size > STAGED_BYTES) {
      copies.write(source, from, address, count);
    } else if (size > 0) {
      Staged staged = queue.stage(size);
      staged.host().floats().put(staged.at() / Float.BYTES, source, from, count);
      queue.copy(address, staged.device(), size);
    }
  }

  @Override
  public void upload(int[] source, int from, DeviceBuffer target, long at, int count) {
    long address = written(target, ElementType.INT32, at, count);
    long size = (long) Integer.BYTES * count;
    if (size > STAGED_BYTES) {
      copies.write(source, from, address, count);
    } else if (size > 0) {
      Staged staged = queue.stage(size);
      staged.host().ints().put(staged.at() / Integer.BYTES, source, from, count);
      queue.copy(address, staged.device(), size);
    }
  }

  @Override
  public void download(DeviceBuffer source, long at, float[] target, int from, int count) {
    long address = element(source, ElementType.FLOAT32, at, count);
    if (count == 0) {
      return;
    }
    if (CommandQueue.downloads((long) Float.BYTES * count)) {
      queue.download(address, count).get(target, from);
    } else {
      copies.read(address, target, from, count);
    }
  }

  @Override
  public void download(DeviceBuffer source, long at, int[] target, int from, int count) {
    copies.read(element(source, ElementType.INT32, at, count), target, from, count);
  }

  @Override
  public PendingFloats downloadLater(DeviceBuffer source, long at, int count) {
    return count > 0 && CommandQueue.downloads((long) Float.BYTES * count)
        ? queue.download(element(source, ElementType.FLOAT32, at, count), count)
        : Memory.super.downloadLater(source, at, count);
  }

  @Override
  public void copy(DeviceBuffer source, long from, DeviceBuffer target, long at, long count) {
    ElementType type = source.type();
    long sourceAddress = element(source, type, from, count);
    long targetAddress = written(target, type, at, count);
    if (count > 0) {
      queue.copy(targetAddress, sourceAddress, count * type.bytes());
    }
  }

  @Override
  public void fill(DeviceBuffer target, long at, long count, float value) {
    long address = written(target, ElementType.FLOAT32, at, count);
    if (count > 0) {
      CommandWords words = queue.begin(Opcode.FILL);
      words.put(address);
      words.put(count);
      words.put(value);
      queue.end();
    }
  }

  @Override
  public long liveBuffers() {
    return buffers.get();
  }

  @Override
  public long liveBytes() {
    return bytes.get();
  }

  /**
   * Returns a buffer as one of this memory.
   *
   * @throws IllegalArgumentException if it belongs to another backend
   */
  CudaBuffer own(DeviceBuffer buffer) {
    if (buffer instanceof CudaBuffer own && own.memory() == this) {
      return own;
    }
    throw new IllegalArgumentException(
        buffer instanceof CudaBuffer
            ? "a buffer of another device context was used; expected one that this backend allocated"
            : "a buffer of another backend (%s) was used; expected one that this backend allocated"
                .formatted(buffer == null ? "null" : buffer.getClass().getSimpleName()));
  }

  /** Returns the address of an element, after a look at type, range and owner. */
  long element(DeviceBuffer buffer, ElementType type, long at, long count) {
    long start = own(buffer).address();
    if (buffer.type() != type) {
      throw new IllegalArgumentException(
          "a buffer of %s was used as %s".formatted(buffer.type(), type));
    }
    if (at < 0 || count < 0 || at > buffer.length() - count) {
      throw new IndexOutOfBoundsException(
          "%d elements from %d of a buffer of %d".formatted(count, at, buffer.length()));
    }
    return start + at * type.bytes();
  }

  private long written(DeviceBuffer buffer, ElementType type, long at, long count) {
    long address = element(buffer, type, at, count);
    own(buffer).changed();
    return address;
  }
}
