/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend;

import java.util.Optional;

/**
 * How a backend is found: one service entry for each, on the class path. Asking for a refusal must
 * be cheap and must never fail.
 */
public interface BackendProvider {

  /**
   * Why a backend cannot be used here.
   *
   * @param reason what is missing, in words
   * @param fix what the user can do about it
   */
  record Refusal(String reason, String fix) {}

  /** Returns the name users choose it by. */
  String name();

  /** Returns its place in the order of {@code auto}; the highest that does not refuse is taken. */
  int rank();

  /** Returns why it cannot be used here, or empty if it can. */
  Optional<Refusal> refusal();

  /**
   * Returns the name of the faster backend that {@code auto} takes this one in place of. When it
   * does so because the other one refuses, users are told, with the reason.
   */
  default Optional<String> standsInFor() {
    return Optional.empty();
  }

  /**
   * Tells whether the backend is there to test or compare with: it is opened by its name only,
   * never by {@code auto}.
   */
  default boolean forTestsOnly() {
    return false;
  }

  /**
   * Starts the backend.
   *
   * @param threads how many threads it may use; at least 1
   * @throws org.espalier.UserException if it refuses
   */
  Backend create(int threads);
}
