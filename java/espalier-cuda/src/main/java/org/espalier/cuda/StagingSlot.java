/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.ArrayList;
import java.util.List;
import org.espalier.cuda.nativeapi.NativeContext;

/**
 * What one submission carries between host and device. There are two, used in turn: while the
 * device works on one, the host fills the other.
 */
final class StagingSlot {

  /** Room for uploads to begin with; it grows with the batches. */
  static final int UPLOADS = 1 << 20;

  /** Room for downloads; larger ones are plain copies. */
  static final int DOWNLOADS = 1 << 18;

  private final StagingArea uploads;
  private final StagingArea downloads;
  private final List<PendingDownload> unread = new ArrayList<>();
  private boolean open;
  private long ticket; // of the submission that used it last

  StagingSlot(NativeContext context, DeviceAllocator allocator) {
    this.uploads = new StagingArea(context, allocator, UPLOADS);
    this.downloads = new StagingArea(context, allocator, DOWNLOADS);
  }

  StagingArea uploads() {
    return uploads;
  }

  StagingArea downloads() {
    return downloads;
  }

  /** Tells whether it belongs to the submission being prepared. */
  boolean isOpen() {
    return open;
  }

  /** Tells whether the submission being prepared carries anything. */
  boolean isUsed() {
    return uploads.used() > 0 || downloads.used() > 0;
  }

  long ticket() {
    return ticket;
  }

  /** Takes it into use; the submission that used it last is complete. */
  void open() {
    for (PendingDownload download : unread) {
      download.save(); // somebody may still want it
    }
    unread.clear();
    open = true;
  }

  void add(PendingDownload download) {
    unread.add(download);
  }

  /** Notes that a download was read and need not be kept. */
  void read(PendingDownload download) {
    unread.remove(download);
  }

  /** Notes with which submission it went. */
  void submitted(long submission) {
    ticket = submission;
    end();
  }

  /** Notes that its submission went wrong, so that no download will ever arrive. */
  void lost() {
    unread.forEach(PendingDownload::lose);
    unread.clear();
    end();
  }

  private void end() {
    uploads.clear();
    downloads.clear();
    open = false;
  }

  void release() {
    unread.forEach(PendingDownload::lose);
    unread.clear();
    uploads.release();
    downloads.release();
  }
}
