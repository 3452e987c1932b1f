/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

/** What happens when an image cannot be decoded. */
public enum BrokenImages {
  /** The pass ends with an error that names it. */
  FATAL,
  /**
   * It is logged and counted once, and the next intact sample of its class (by number, in the same
   * part of the set, going round) takes its place.
   */
  SKIP
}
