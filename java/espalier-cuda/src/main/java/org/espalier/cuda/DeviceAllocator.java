/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.HashMap;
import java.util.Map;
import org.espalier.UserException;
import org.espalier.cuda.nativeapi.NativeContext;
import org.espalier.cuda.nativeapi.NativeFailure;
import org.espalier.cuda.nativeapi.NativeStatus;

/** Device memory, and who holds how much of it. */
final class DeviceAllocator {

  private static final int LEAST = 4; // so that even nothing has an address

  private final NativeContext context;
  private final Map<String, Long> held = new HashMap<>();

  DeviceAllocator(NativeContext context) {
    this.context = context;
  }

  /**
   * Returns the address of that many zeroed bytes.
   *
   * @param owner what they are for
   * @throws UserException if there is not that much memory, with the largest consumer
   */
  long allocate(long bytes, String owner) {
    long address;
    try {
      address =
          context
              .allocate(Math.max(LEAST, bytes))
              .orElseThrow(() -> new UserException(outOfMemory(bytes, owner)));
    } catch (NativeFailure failure) {
      throw failure.explained(owner);
    }
    held.merge(owner, bytes, Long::sum);
    return address;
  }

  /** Gives memory back once the work enqueued so far is done with it. */
  void release(long address, long bytes, String owner) {
    held.computeIfPresent(owner, (name, sum) -> sum == bytes ? null : sum - bytes);
    try {
      context.release(address);
    } catch (NativeFailure failure) {
      throw failure.explained(owner);
    }
  }

  private String outOfMemory(long bytes, String owner) {
    long[] memory = context.memory();
    String largest =
        held.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .map(most -> "'%s' with %,d".formatted(most.getKey(), most.getValue()))
            .orElse("none here");
    return "Not enough device memory: %,d bytes were asked for '%s', %,d of %,d are free; the largest consumer is %s; %s."
        .formatted(bytes, owner, memory[0], memory[1], largest, NativeStatus.OUT_OF_MEMORY.fix());
  }
}
