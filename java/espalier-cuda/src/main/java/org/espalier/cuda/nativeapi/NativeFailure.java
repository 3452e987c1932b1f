/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

import org.espalier.UserException;

/** A native call that went wrong; the message is the library's own, without the full stop. */
public final class NativeFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final NativeStatus status;

  /** Creates the failure of a status and the sentence of the native library. */
  NativeFailure(NativeStatus status, String sentence) {
    super(sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence);
    this.status = status;
  }

  /** Returns what kind of failure it is. */
  public NativeStatus status() {
    return status;
  }

  /**
   * Returns the exception for whoever uses the backend: a {@link UserException} with the fix, an
   * {@link IllegalArgumentException} if the backend was used wrongly, an {@link
   * IllegalStateException} for a mistake in the native library.
   *
   * @param part what was being worked on, such as a layer; may be empty
   */
  public RuntimeException explained(String part) {
    String what = part.isEmpty() ? getMessage() : getMessage() + " (working on '" + part + "')";
    return switch (status) {
      case BAD_ARGUMENT -> new IllegalArgumentException(what + ".", this);
      case OK, INTERNAL -> new IllegalStateException(what + ".", this);
      default -> new UserException(what + "; " + status.fix() + ".", this);
    };
  }
}
