/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

import java.util.OptionalLong;

/**
 * A context on a device and its compute stream; everything asked of it happens in the order it was
 * asked. It is used by one thread at a time. Every method throws {@link NativeFailure} when the
 * native library reports one.
 */
public final class NativeContext implements AutoCloseable {

  private static final int COUNTERS = 6;

  private final NativeLibrary library;
  private final long handle;
  private long calls;
  private boolean closed;

  NativeContext(NativeLibrary library, long handle) {
    this.library = library;
    this.handle = handle;
  }

  /** Returns the library that the context belongs to. */
  public NativeLibrary library() {
    return library;
  }

  /** Returns how many native calls were made with this context. */
  public long calls() {
    return calls;
  }

  private long context() {
    if (closed) {
      throw new IllegalStateException("context used after it was closed");
    }
    calls++;
    return handle;
  }

  /** Returns the compute stream as a CUDA handle; 0 if emulated. */
  public long stream() {
    return library.result(NativeApi.stream(library.handle(), context()));
  }

  /** Allocates zeroed device memory; empty if there is not that much. */
  public OptionalLong allocate(long bytes) {
    long result = NativeApi.allocate(library.handle(), context(), bytes);
    return result == -NativeStatus.OUT_OF_MEMORY.ordinal()
        ? OptionalLong.empty()
        : OptionalLong.of(library.result(result));
  }

  /** Releases device memory when the work enqueued so far is done with it. */
  public void release(long address) {
    library.check(NativeApi.release(library.handle(), context(), address));
  }

  /** Returns the free bytes of the device and all its bytes. */
  public long[] memory() {
    long[] numbers = new long[2];
    library.check(NativeApi.memory(library.handle(), context(), numbers));
    return numbers;
  }

  /** Allocates page-locked host memory. */
  public long allocatePinned(long bytes) {
    return library.result(NativeApi.allocate_pinned(library.handle(), context(), bytes));
  }

  /** Releases page-locked host memory; no work may use it any more. */
  public void releasePinned(long address) {
    library.check(NativeApi.release_pinned(library.handle(), context(), address));
  }

  /** Copies host memory to the device; the source may be used again at once. */
  public void write(long address, long source, long bytes) {
    library.check(NativeApi.write(library.handle(), context(), address, source, bytes));
  }

  /** Copies device memory to the host, and waits for it. */
  public void read(long address, long target, long bytes) {
    library.check(NativeApi.read(library.handle(), context(), address, target, bytes));
  }

  /**
   * Enqueues work, then waits for an earlier ticket or its own.
   *
   * @param submission address of an {@code esp_submission}
   * @param waitFor the ticket, 0 for none
   * @return the ticket of the work; tickets count from 1
   */
  public long submit(long submission, long waitFor) {
    return library.result(NativeApi.submit(library.handle(), context(), submission, waitFor));
  }

  /** Waits for a ticket; 0 waits for everything. */
  public void await(long ticket) {
    library.check(NativeApi.await(library.handle(), context(), ticket));
  }

  /** Makes every command be waited for, so that a fault is blamed on the right one. */
  public void setChecking(boolean on) {
    library.check(NativeApi.set_checking(library.handle(), context(), on ? 1 : 0));
  }

  /** Returns what the context has done so far. */
  public NativeCounters counters() {
    long[] numbers = new long[COUNTERS];
    library.check(NativeApi.read_counters(library.handle(), context(), numbers));
    return new NativeCounters(
        numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
  }

  /**
   * Returns the seconds that the commands of a submission take on the device, the median of several
   * runs.
   */
  public double time(long submission, int repeats) {
    double seconds = NativeApi.time(library.handle(), context(), submission, repeats);
    library.check(seconds < 0 ? (int) -seconds : 0);
    return seconds;
  }

  /** Sets the order of threads and blocks in the emulator: 0 for in order, else a seed. */
  public void setSchedule(long seed) {
    library.check(NativeApi.set_schedule(library.handle(), context(), seed));
  }

  /** Waits for all work and gives back what the context still holds. */
  @Override
  public void close() {
    long open = context();
    closed = true;
    library.check(NativeApi.close(library.handle(), open));
  }
}
