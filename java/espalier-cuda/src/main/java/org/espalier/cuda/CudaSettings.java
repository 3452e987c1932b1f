/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.espalier.UserException;

/**
 * How the backends are used, from the environment; a Java system property of the same name in lower
 * case with dots wins.
 *
 * @param device number of the device, {@code ESPALIER_CUDA_DEVICE}
 * @param checking whether every operation is waited for, {@code ESPALIER_CUDA_CHECK}
 * @param schedule order of threads in the emulator, {@code ESPALIER_SCHEDULE}: 0 or a seed
 */
record CudaSettings(int device, boolean checking, long schedule) {

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
        number(source, "ESPALIER_SCHEDULE", Long.MAX_VALUE));
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
