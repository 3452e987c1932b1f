/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier;

/**
 * Something the user can put right: a wrong value, a missing file, a network that does not fit its
 * data.
 *
 * <p>The message is one complete sentence that says what was wrong, where, and what was expected;
 * it is shown as it stands, without a stack trace.
 */
public final class UserException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message is the whole explanation. */
  public UserException(String message) {
    super(message);
  }

  /** Creates an exception that also keeps what caused it, for verbose output. */
  public UserException(String message, Throwable cause) {
    super(message, cause);
  }
}
