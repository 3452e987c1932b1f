/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jcuda.jcusparse.cusparseSpMMAlg;
import org.espalier.UserException;
import org.espalier.backend.BackendProvider.Refusal;

/**
 * How cuSPARSE multiplies; {@code ESPALIER_CUSPARSE_SPMM} names one, or the Java system property
 * {@code espalier.cusparse.spmm}.
 */
enum SpmmAlgorithm {
  /** For rows of the dense operands that are contiguous, as ours are: the default. */
  CSR_ALG2(cusparseSpMMAlg.CUSPARSE_SPMM_CSR_ALG2, false),
  /** Shares the connections out evenly, after a look at the pattern. */
  CSR_ALG3(cusparseSpMMAlg.CUSPARSE_SPMM_CSR_ALG3, true);

  private static final String VARIABLE = "ESPALIER_CUSPARSE_SPMM";

  final int code;
  final boolean preprocessed;

  SpmmAlgorithm(int code, boolean preprocessed) {
    this.code = code;
    this.preprocessed = preprocessed;
  }

  /** Returns the name as users write it, such as {@code csr-alg2}. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads the setting.
   *
   * @throws UserException if it is none of them
   */
  static SpmmAlgorithm read() {
    return of(System.getProperty("espalier.cusparse.spmm", System.getenv(VARIABLE)));
  }

  /** Returns the algorithm of a title; the default if it is null or empty. */
  static SpmmAlgorithm of(String title) {
    if (title == null || title.isEmpty()) {
      return CSR_ALG2;
    }
    return Arrays.stream(values())
        .filter(each -> each.title().equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "%s is '%s'; expected one of: %s.".formatted(VARIABLE, title, titles())));
  }

  private static String titles() {
    return Arrays.stream(values()).map(SpmmAlgorithm::title).collect(Collectors.joining(", "));
  }

  /** Returns what is wrong with the setting, if anything. */
  static Optional<Refusal> refusal() {
    try {
      read();
      return Optional.empty();
    } catch (UserException wrong) {
      return Optional.of(new Refusal("a setting is wrong: " + wrong.getMessage(), "correct it"));
    }
  }
}
