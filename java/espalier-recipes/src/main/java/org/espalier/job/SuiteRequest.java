/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.job;

import java.util.List;
import org.espalier.UserException;
import org.espalier.suite.OodSuite;
import org.espalier.suite.Suite;
import org.espalier.suite.SuiteSettings;

/**
 * Which suites to run, and how.
 *
 * @param suites each once, in this order
 * @param ood second data sets for the suite ood, by name or path, or {@link OodSuite#NOISE}
 * @param settings how
 */
public record SuiteRequest(List<Suite> suites, List<String> ood, SuiteSettings settings) {

  /**
   * Checks that second data sets are given if, and only if, they are needed.
   *
   * @throws UserException if not
   */
  public SuiteRequest {
    suites = suites.stream().distinct().toList();
    ood = ood.stream().distinct().toList();
    boolean needed = suites.contains(Suite.OOD);
    if (needed && ood.isEmpty()) {
      throw new UserException(
          "--suite ood needs something to compare with; expected --ood and the name or path of a second data set, or --ood noise.");
    }
    if (!needed && !ood.isEmpty()) {
      throw new UserException(
          "--ood %s is for the suite ood; expected --suite ood with it.".formatted(ood.get(0)));
    }
  }
}
