/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.nio.file.Path;
import java.util.Optional;
import org.espalier.data.format.CsvOptions;
import org.espalier.data.image.ImageSettings;

/**
 * What data set to open, and how.
 *
 * @param name a name of the catalogue, or the path of a folder or file
 * @param dataDir a folder to look into first, if there is one
 * @param normalize how features are normalised
 * @param split which samples are for training and which for testing
 * @param seed decides a random split and nothing else; runs that are to be compared keep it the
 *     same
 * @param progress is told about a download
 * @param csv layout of CSV files that are opened by path; those of the catalogue have a known one
 * @param images how images become samples. Without it, files of images are read with {@link
 *     ImageSettings#DEFAULT}, and images in memory are features like any others. With it, images
 *     are normalised channel by channel
 */
public record DataRequest(
    String name,
    Optional<Path> dataDir,
    NormalizationKind normalize,
    SplitRequest split,
    long seed,
    DownloadProgress progress,
    CsvOptions csv,
    Optional<ImageSettings> images) {

  /** Returns a request for a set: standardised, with its own split, seed 0. */
  public static DataRequest of(String name) {
    return new DataRequest(
        name,
        Optional.empty(),
        NormalizationKind.STANDARDIZE,
        SplitRequest.AUTO,
        0,
        DownloadProgress.NONE,
        CsvOptions.DEFAULT,
        Optional.empty());
  }

  /** Returns this request with a folder to look into first. */
  public DataRequest withDataDir(Path folder) {
    return new DataRequest(
        name, Optional.of(folder), normalize, split, seed, progress, csv, images);
  }

  /** Returns this request with another normalisation. */
  public DataRequest withNormalization(NormalizationKind kind) {
    return new DataRequest(name, dataDir, kind, split, seed, progress, csv, images);
  }

  /** Returns this request with another split. */
  public DataRequest withSplit(SplitRequest request) {
    return new DataRequest(name, dataDir, normalize, request, seed, progress, csv, images);
  }

  /** Returns this request with another seed of the random split. */
  public DataRequest withSeed(long value) {
    return new DataRequest(name, dataDir, normalize, split, value, progress, csv, images);
  }

  /** Returns this request with somebody to tell about downloads. */
  public DataRequest withProgress(DownloadProgress listener) {
    return new DataRequest(name, dataDir, normalize, split, seed, listener, csv, images);
  }

  /** Returns this request with another layout of CSV files. */
  public DataRequest withCsv(CsvOptions options) {
    return new DataRequest(name, dataDir, normalize, split, seed, progress, options, images);
  }

  /** Returns this request with a way to make samples of images. */
  public DataRequest withImages(ImageSettings settings) {
    return new DataRequest(
        name, dataDir, normalize, split, seed, progress, csv, Optional.of(settings));
  }
}
