/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;

/**
 * The samples read last without a pass. Those who read so ask for a few features at a time, from
 * several threads, and the picture is decoded once for all of them.
 */
public final class DecodedSamples {

  private final IntFunction<byte[]> decode;
  private final Map<Integer, FutureTask<byte[]>> recent;

  /**
   * Creates an empty store.
   *
   * @param most how many samples are kept, at least 1
   * @param decode gives the bytes of a sample
   */
  public DecodedSamples(int most, IntFunction<byte[]> decode) {
    this.decode = decode;
    this.recent = new Recent(most);
  }

  /**
   * Returns the bytes of a sample, not to be changed.
   *
   * @throws org.espalier.UserException if it cannot be had
   */
  public byte[] get(int sample) {
    FutureTask<byte[]> found;
    synchronized (recent) {
      found = recent.get(sample);
      if (found == null) {
        found = new FutureTask<>(() -> decode.apply(sample));
        recent.put(sample, found);
      }
    }
    found.run(); // does nothing if another thread has begun it
    return result(sample, found);
  }

  private byte[] result(int sample, FutureTask<byte[]> found) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return found.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException unchecked) {
            throw unchecked;
          }
          throw new IllegalStateException("sample " + sample, e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Forgets the sample that was used longest ago. */
  private static final class Recent extends LinkedHashMap<Integer, FutureTask<byte[]>> {

    private static final long serialVersionUID = 1L;

    private final int most;

    Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, FutureTask<byte[]>> eldest) {
      return size() > most;
    }
  }
}
