/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.espalier.UserException;
import org.espalier.cuda.nativeapi.DeviceInfo;

/**
 * How the backends are used, from the environment; a Java system property of the same name in lower
 * case with dots wins.
 *
 * @param device number of the device, {@code ESPALIER_CUDA_DEVICE}
 * @param checking whether every operation is waited for, {@code ESPALIER_CUDA_CHECK}
 * @param cache folder in which choices of kernels are kept between runs: {@code espalier} in {@code
 *     XDG_CACHE_HOME} or in {@code .cache} of the home folder
 * @param schedule order of threads in the emulator, {@code ESPALIER_SCHEDULE}: 0 or a seed
 */
record CudaSettings(int device, boolean checking, long schedule, Optional<Path> cache) {

  /**
   * Reads the settings.
   *
   * @throws UserException if one is not a number
   */
  static CudaSettings read() {
    return of(
        name ->
            System.getProperty(
                name.toLowerCase(Locale.ROOT).replace('_', '.'), System.getenv(name)));
  }

  /** Reads the settings from a source that returns null for what is not set. */
  static CudaSettings of(UnaryOperator<String> source) {
    return new CudaSettings(
        (int) number(source, "ESPALIER_CUDA_DEVICE", Integer.MAX_VALUE),
        number(source, "ESPALIER_CUDA_CHECK", 1) == 1,
        number(source, "ESPALIER_SCHEDULE", Long.MAX_VALUE),
        Optional.of(
            Path.of(
                    Optional.ofNullable(source.apply("XDG_CACHE_HOME"))
                        .filter(path -> !path.isBlank())
                        .orElse(System.getProperty("user.home") + "/.cache"))
                .resolve("espalier")));
  }

  /** Returns the file of what was measured on devices of a kind; empty for the emulator. */
  Optional<Path> choicesOf(DeviceInfo info) {
    String kind = info.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return info.emulated()
        ? Optional.empty()
        : cache.map(folder -> folder.resolve("kernels-" + kind + ".properties"));
  }

  private static long number(UnaryOperator<String> source, String name, long largest) {
    String text = source.apply(name);
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= largest) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // told below
    }
    throw new UserException(
        "%s is '%s'; expected a number from 0 to %d.".formatted(name, text, largest));
  }
}
