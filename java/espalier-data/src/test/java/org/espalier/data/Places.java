/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.espalier.train.FeatureScaling;

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

  /** Reads samples back, normalised, {@code [sample][feature]}. */
  static float[][] rows(DataPart samples) {
    FeatureScaling scaling = samples.scaling().orElseThrow();
    float[] scale = scaling.scale();
    float[] shift = scaling.shift();
    float[][] rows = new float[samples.size()][samples.features()];
    for (int i = 0; i < rows.length; i++) {
      samples.read(i, 0, samples.features(), rows[i], 0);
      for (int f = 0; f < rows[i].length; f++) {
        rows[i][f] = Math.fma(rows[i][f], scale[f], shift[f]);
      }
    }
    return rows;
  }

  /** Reads labels back. */
  static int[] labels(DataPart samples) {
    return IntStream.range(0, samples.size()).map(samples::label).toArray();
  }
}
