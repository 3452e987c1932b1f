/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.UserException;
import org.espalier.backend.PendingFloats;
import org.espalier.cuda.nativeapi.NativeContext;
import org.espalier.cuda.nativeapi.NativeFailure;
import org.espalier.cuda.nativeapi.NativeStatus;

/**
 * Collects commands with what they bring to the device and what they bring back, and hands them
 * over as one submission: one native call, however many operations. That happens when somebody
 * reads a result, before memory is released or copied directly, and when there is no room left.
 *
 * <p>Two {@link StagingSlot}s are used in turn, so identical steps are two variants of the same
 * commands, both of which the native library knows soon.
 */
final class CommandQueue implements AutoCloseable {

  private static final int MAX_STAGING = 1 << 30;

  private final NativeContext context;
  private final boolean checking;
  private final CommandWords commands = new CommandWords();
  private final Submission submission = new Submission();
  private final StagingSlot[] slots;
  private int current;
  private long submitted; // last ticket
  private long completed; // all work up to this ticket is known to be complete
  private String part = "";

  /** Staged bytes: where the host puts them and where the device finds them. */
  record Staged(HostMemoryView host, int at, long device) {}

  /**
   * Creates a queue.
   *
   * @param checking whether every command is submitted by itself, so that errors name the layer
   */
  CommandQueue(NativeContext context, DeviceAllocator allocator, boolean checking) {
    this.context = context;
    this.checking = checking;
    this.slots =
        new StagingSlot[] {
          new StagingSlot(context, allocator), new StagingSlot(context, allocator)
        };
  }

  /** Notes what the commands that follow are for. */
  void working(String on) {
    part = on;
  }

  String part() {
    return part;
  }

  /** Begins a command; its words follow, then {@link #end}. */
  CommandWords begin(Opcode opcode) {
    makeRoom();
    commands.begin(opcode);
    return commands;
  }

  /** Ends a command. */
  void end() {
    commands.end();
    if (checking) {
      flush(0);
    }
  }

  private void makeRoom() {
    if (!commands.hasRoom()) {
      flush(0);
    }
  }

  /**
   * Returns room for bytes that the device has before the next command; to be filled before that
   * command is ended. The room is the next command's only.
   */
  Staged stage(long bytes) {
    makeRoom(); // for that command too: it must go with the same submission
    if (!slot().uploads().hasRoom(bytes)) {
      flush(0);
      if (!slot().uploads().hasRoom(bytes)) {
        grow(slot().uploads(), bytes);
      }
    }
    StagingArea area = slot().uploads();
    int at = area.reserve(bytes);
    return new Staged(area.host(), at, area.device() + at);
  }

  /** A batch fills the area to three quarters at most: its labels and the like come on top. */
  private static void grow(StagingArea area, long bytes) {
    if (bytes > MAX_STAGING / 4 * 3) {
      throw new UserException(
          "A batch of %,d bytes is more than can be staged (%,d); use smaller batches."
              .formatted(bytes, MAX_STAGING / 4 * 3));
    }
    int capacity = area.capacity();
    while (capacity / 4 * 3L < bytes) {
      capacity *= 2;
    }
    area.grow(capacity);
  }

  /** Tells whether a download of so many bytes can go with a submission. */
  static boolean downloads(long bytes) {
    return bytes <= StagingSlot.DOWNLOADS;
  }

  /** Copies floats, at least one, as they are after the commands so far; see {@link #downloads}. */
  PendingFloats download(long address, int count) {
    long bytes = (long) Float.BYTES * count;
    int at = reserveDownload(bytes);
    StagingSlot slot = slot();
    PendingDownload pending =
        new PendingDownload(this, slot, submitted + 1, at / Float.BYTES, count);
    slot.add(pending);
    copy(slot.downloads().device() + at, address, bytes);
    return pending;
  }

  private int reserveDownload(long bytes) {
    makeRoom();
    if (!slot().downloads().hasRoom(bytes)) {
      flush(0);
    }
    return slot().downloads().reserve(bytes);
  }

  /** Asks for a copy from device memory to device memory. */
  void copy(long target, long source, long bytes) {
    CommandWords words = begin(Opcode.COPY);
    words.put(target);
    words.put(source);
    words.put(bytes);
    end();
  }

  /** Writes the last words of a command, given where its result goes. */
  @FunctionalInterface
  interface ResultWriter {

    /** Writes a whole command, from begin to end. */
    void write(long resultAddress);
  }

  /** Asks for a command that leaves one word of 64 bits, submits it and returns the word. */
  long wordOf(ResultWriter command) {
    int at = reserveDownload(Long.BYTES);
    StagingSlot slot = slot();
    command.write(slot.downloads().device() + at);
    flush(checking ? submitted : submitted + 1);
    return slot.downloads().host().longs().get(at / Long.BYTES);
  }

  private StagingSlot slot() {
    StagingSlot slot = slots[current];
    if (!slot.isOpen()) {
      await(slot.ticket());
      slot.open();
    }
    return slot;
  }

  boolean isComplete(long ticket) {
    return ticket <= completed;
  }

  private void await(long ticket) {
    if (ticket > completed) {
      try {
        context.await(ticket);
      } catch (NativeFailure failure) {
        throw explained(failure);
      }
      completed = ticket;
    }
  }

  /**
   * Submits what there is, and waits until an earlier submission is complete; all with one native
   * call, or none if there is nothing to do.
   *
   * @param waitFor its ticket, or the one of what is submitted now; 0 to wait for nothing
   */
  void flush(long waitFor) {
    StagingSlot slot = slots[current];
    if (commands.isEmpty() && !slot.isUsed()) {
      await(waitFor);
      return;
    }
    submission.fill(commands, slot.uploads(), slot.downloads());
    try {
      submitted = context.submit(submission.address(), isComplete(waitFor) ? 0 : waitFor);
    } catch (NativeFailure failure) {
      slot.lost();
      throw explained(failure);
    } finally {
      commands.clear();
    }
    completed = Math.max(completed, waitFor);
    if (slot.isOpen()) {
      slot.submitted(submitted);
      current = 1 - current;
    }
  }

  /**
   * Returns the seconds that commands take on the device, which runs them some times over.
   *
   * @param append appends them; they are not submitted otherwise
   */
  double time(Runnable append, int repeats) {
    finish();
    try {
      append.run();
      StagingSlot slot = slots[current];
      submission.fill(commands, slot.uploads(), slot.downloads());
      return context.time(submission.address(), repeats);
    } finally {
      commands.clear();
    }
  }

  /** Submits what there is and waits for all of it. */
  void finish() {
    flush(0);
    await(submitted);
  }

  /** Notes that a plain copy waited for everything submitted. */
  void waitedForAll() {
    completed = submitted;
  }

  private RuntimeException explained(NativeFailure failure) {
    boolean culpritKnown = checking || failure.status() == NativeStatus.OUT_OF_MEMORY;
    return failure.explained(culpritKnown ? part : "");
  }

  /** Gives its own memory back; what was not submitted is dropped. */
  @Override
  public void close() {
    for (StagingSlot slot : slots) {
      slot.release();
    }
    submission.close();
    commands.close();
  }
}
