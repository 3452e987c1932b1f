/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import static org.espalier.backend.host.HostBuffer.BASE;
import static org.espalier.backend.host.HostBuffer.floats;
import static org.espalier.backend.host.HostBuffer.start;

import org.espalier.backend.SampleReader;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Gathers a batch: some samples at a time are read side by side, so that lines of X fill up. */
final class Gather {

  private static final int SAMPLES = 16;
  private static final int FEATURES = 256;

  /** What an element costs, in passes over a number: it goes from far to far. */
  private static final int COST = 4;

  private final Team team;
  private final float[][] read;

  Gather(Team team) {
    this.team = team;
    this.read = new float[team.threads()][SAMPLES * FEATURES];
  }

  void run(SampleReader samples, DeviceBuffer scaling, Tensor x) {
    float[] scales = scaling == null ? null : floats(scaling);
    int blocks = (x.rows() + FEATURES - 1) / FEATURES;
    team.spread(
        blocks,
        (long) x.rows() * x.positions() * COST,
        (from, to, worker) -> {
          for (int block = from; block < to; block++) {
            int first = block * FEATURES;
            int end = Math.min(x.rows(), first + FEATURES);
            for (int p = 0; p < x.positions(); p += SAMPLES) {
              int count = Math.min(SAMPLES, x.positions() - p);
              for (int i = 0; i < count; i++) {
                samples.read(p + i, first, end, read[worker], i * FEATURES);
              }
              transpose(read[worker], count, scales, first, end, x, p);
            }
          }
        });
  }

  private static void transpose(
      float[] read, int count, float[] scales, int first, int end, Tensor x, int position) {
    float[] out = floats(x.buffer());
    for (int f = first; f < end; f++) {
      int to = start(x) + f * x.stride() + position;
      float scale = scales == null ? 1 : scales[BASE + f];
      float shift = scales == null ? -0f : scales[BASE + x.rows() + f]; // plus -0 changes nothing
      for (int i = 0; i < count; i++) {
        out[to + i] = read[i * FEATURES + f - first] * scale + shift;
      }
    }
  }
}
