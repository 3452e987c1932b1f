/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.backend.Backends;
import org.espalier.data.DownloadProgress;

/**
 * What a job needs to know about the machine, as opposed to the recipe.
 *
 * @param dataDir folder where data sets are looked for first
 * @param backend name of the backend, or {@link Backends#AUTO}
 * @param threads how many threads the backend may use
 * @param version of the program, for the summary
 * @param download is told about downloads
 */
public record JobOptions(
    Optional<Path> dataDir,
    String backend,
    int threads,
    String version,
    DownloadProgress download) {

  /** Returns the options that suit most: the best backend on all processors, quietly. */
  public static JobOptions standard() {
    return new JobOptions(
        Optional.empty(),
        Backends.AUTO,
        Runtime.getRuntime().availableProcessors(),
        "library",
        DownloadProgress.NONE);
  }
}
