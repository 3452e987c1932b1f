/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;

/**
 * The memory and the stream of an open CUDA backend, for programs that use the same device beside
 * it. Addresses are those of CUDA's primary context, in which every library that uses the CUDA
 * runtime works; on the emulator they are addresses in the host's memory.
 *
 * <p><b>Order.</b> What is asked of a backend is collected and submitted later, to the one stream
 * of the backend. That stream waits for no other stream, the default one included. So before the
 * backend uses memory that the program filled, the program's work has to be complete, or enqueued
 * on {@link #stream} itself, or that stream has to be made to wait for it (an event); and before
 * the program uses what the backend computed, it calls {@link #finish}, or goes on in {@link
 * #stream}.
 *
 * <p>Like its backend, it is used by one thread at a time.
 */
public interface SharedDevice {

  /**
   * Returns the device of a backend.
   *
   * @throws UserException if the backend is not one of CUDA's
   */
  static SharedDevice of(Backend backend) {
    if (backend instanceof SharingBackend sharing) {
      return sharing.device();
    }
    throw new UserException(
        "Backend '%s' shares no device memory; expected a CUDA backend: open 'cuda'."
            .formatted(backend.name()));
  }

  /**
   * Returns a buffer over memory that belongs to somebody else, to be used wherever a buffer is: in
   * a {@link org.espalier.tensor.Tensor}, a {@link org.espalier.sparse.CsrMatrix}, a copy. Closing
   * it waits until the backend no longer uses the memory, and leaves the memory alone.
   *
   * <p>A tensor needs rows that start on multiples of 64 bytes; what {@code cudaMalloc} returns is
   * aligned to more.
   *
   * @param address of element 0 in the memory of the backend's device
   * @param length number of elements that are there; this is believed
   * @throws IllegalArgumentException if the address is 0 or not a multiple of the element's size
   */
  DeviceBuffer wrap(long address, ElementType type, long length);

  /**
   * Returns the address of an element; it is valid until the buffer is closed.
   *
   * @param at the element
   * @param count how many elements are wanted from there on
   * @throws IllegalArgumentException if the buffer is of another type or another backend
   * @throws IndexOutOfBoundsException if it has fewer elements
   */
  long address(DeviceBuffer buffer, ElementType type, long at, long count);

  /** Returns the address of element 0. */
  default long address(DeviceBuffer buffer) {
    return address(buffer, buffer.type(), 0, buffer.length());
  }

  /**
   * Tells the backend that the program wrote something else into a buffer. This matters for the
   * {@code column} array of a pattern, from which products derive indices that they keep.
   */
  void changed(DeviceBuffer buffer);

  /**
   * Runs the action once, when a buffer is closed or gets another content by {@link
   * org.espalier.backend.Memory} or {@link #changed}: the moment to forget what was derived from
   * it.
   */
  void whenChanged(DeviceBuffer buffer, Runnable action);

  /**
   * Submits what was asked of the backend so far, makes its device current for the calling thread
   * and returns its stream: work that is enqueued there now comes after what was asked, and before
   * what will be.
   *
   * @return a {@code cudaStream_t}; 0 on the emulator
   */
  long stream();

  /** Submits what was asked of the backend so far and waits for all work on its stream. */
  void finish();
}
