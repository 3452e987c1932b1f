/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.List;

/**
 * What the suite ood finds.
 *
 * @param sets one for each second set
 */
public record OodResult(List<OodSet> sets) {

  /** Keeps a copy. */
  public OodResult {
    sets = List.copyOf(sets);
  }
}
