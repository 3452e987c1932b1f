/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

/** A native library that is not there or cannot be used; the message is the reason, in words. */
public final class MissingLibraryException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with a reason. */
  MissingLibraryException(String reason) {
    super(reason);
  }
}
