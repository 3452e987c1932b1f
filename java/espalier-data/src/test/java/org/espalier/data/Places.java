/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Data locations that are all inside one temporary folder, so that tests see nothing of the
 * machine.
 */
final class Places {

  private Places() {}

  /** Returns locations under a folder: env, cache and system; nothing can be downloaded. */
  static DataLocations under(Path root) {
    return new DataLocations(
        Optional.of(root.resolve("env")),
        root.resolve("cache"),
        List.of(root.resolve("system")),
        Optional.of(root.resolve("no-mirror").toUri()));
  }

  /** Returns the same locations with downloads from an address. */
  static DataLocations under(Path root, URI mirror) {
    DataLocations places = under(root);
    return new DataLocations(
        places.environment(), places.cache(), places.system(), Optional.of(mirror));
  }

  /** Reads samples back, {@code [sample][feature]}. */
  static float[][] rows(Samples samples) {
    int size = samples.size();
    float[] out = new float[size * samples.features()];
    samples.gather(RowSplit.all(size), size, 0, samples.features(), out, 0, size);
    float[][] rows = new float[size][samples.features()];
    for (int i = 0; i < size; i++) {
      for (int f = 0; f < samples.features(); f++) {
        rows[i][f] = out[f * size + i];
      }
    }
    return rows;
  }

  /** Reads labels back. */
  static int[] labels(Samples samples) {
    int[] labels = new int[samples.size()];
    samples.labels(RowSplit.all(labels.length), labels.length, labels);
    return labels;
  }
}
