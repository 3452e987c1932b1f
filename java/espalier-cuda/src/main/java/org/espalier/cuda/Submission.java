/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.nio.LongBuffer;
import org.bytedeco.javacpp.LongPointer;

/** An {@code esp_submission} in native memory, with room for one transfer in each direction. */
final class Submission implements AutoCloseable {

  private static final int UPLOAD = 8; // after the eight members of the struct
  private static final int DOWNLOAD = UPLOAD + 3;
  private static final int WORDS = DOWNLOAD + 3;

  private final LongPointer memory = new LongPointer(WORDS);
  private final LongBuffer words = memory.asBuffer();

  long address() {
    return memory.address();
  }

  void fill(CommandWords commands, StagingArea uploads, StagingArea downloads) {
    words.put(0, memory.address() + Long.BYTES * UPLOAD);
    words.put(1, transfer(UPLOAD, uploads));
    words.put(2, commands.address());
    words.put(3, commands.length());
    words.put(4, commands.varyingAddress());
    words.put(5, commands.varyingLength());
    words.put(6, memory.address() + Long.BYTES * DOWNLOAD);
    words.put(7, transfer(DOWNLOAD, downloads));
  }

  /** Writes the transfer of what is used of an area; returns how many transfers that takes. */
  private int transfer(int at, StagingArea area) {
    if (area.used() == 0) {
      return 0;
    }
    words.put(at, area.device());
    words.put(at + 1, area.host().address());
    words.put(at + 2, area.used());
    return 1;
  }

  @Override
  public void close() {
    memory.close();
  }
}
