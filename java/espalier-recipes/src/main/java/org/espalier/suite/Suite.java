/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.espalier.Suggestion;
import org.espalier.UserException;

/** What there is to judge a network by. */
public enum Suite {
  /** Whether confidence is what it says: ECE, NLL, Brier score, temperature scaling. */
  CALIBRATION,
  /** Whether samples from elsewhere are told from those of the test set. */
  OOD,
  /** What small changes of a sample, made to deceive, do: FGSM and PGD. */
  ROBUSTNESS;

  /**
   * Returns the suite of a name.
   *
   * @throws UserException if there is none
   */
  public static Suite of(String name) {
    List<String> names = Arrays.stream(values()).map(Suite::id).toList();
    int index = names.indexOf(name);
    if (index >= 0) {
      return values()[index];
    }
    throw new UserException(
        "--suite %s: there is no such suite%s; expected %s."
            .formatted(
                name,
                Suggestion.didYouMean(Suggestion.nearest(name, names)),
                String.join(", ", names)));
  }

  /** Returns the name that users know it by. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
