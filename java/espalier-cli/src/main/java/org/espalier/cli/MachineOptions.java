/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.DownloadProgress;
import org.espalier.job.JobOptions;
import picocli.CommandLine.Option;

/** Options about the machine that several commands share. */
final class MachineOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Folder that is searched for data sets first.")
  private Path dataDir;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = "auto",
      description =
          "auto, or a name that 'espalier doctor' shows; one other than auto is never replaced.")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to use (default: one for each processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  JobOptions toJob(DownloadProgress progress) {
    return new JobOptions(
        Optional.ofNullable(dataDir), backend, threads, Main.Version.current(), progress);
  }
}
