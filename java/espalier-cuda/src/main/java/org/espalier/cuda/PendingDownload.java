/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.PendingFloats;

/** Floats that a submission brings into a slot's page-locked memory. */
final class PendingDownload implements PendingFloats {

  private final CommandQueue queue;
  private final StagingSlot slot;
  private final long ticket;
  private final int at; // float in the slot
  private final int count;
  private float[] saved;
  private boolean over; // read, or lost with its submission

  PendingDownload(CommandQueue queue, StagingSlot slot, long ticket, int at, int count) {
    this.queue = queue;
    this.slot = slot;
    this.ticket = ticket;
    this.at = at;
    this.count = count;
  }

  @Override
  public boolean ready() {
    return saved != null || queue.isComplete(ticket);
  }

  @Override
  public void get(float[] target, int from) {
    if (over) {
      throw new IllegalStateException("these numbers were read before, or lost with a failed step");
    }
    if (saved == null) {
      queue.flush(ticket);
    }
    if (saved == null) {
      copy(target, from);
      slot.read(this);
    } else {
      System.arraycopy(saved, 0, target, from, count);
      saved = null;
    }
    over = true;
  }

  private void copy(float[] target, int from) {
    slot.downloads().host().floats().get(at, target, from, count);
  }

  /** Keeps the numbers, because the slot is about to be used again. */
  void save() {
    saved = new float[count];
    copy(saved, 0);
  }

  void lose() {
    over = true;
  }
}
