/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

/**
 * A failure of the machine while a run was read or written: a full disk, a lost permission.
 *
 * <p>The message is one complete sentence that names the file; it is shown as it stands.
 */
public final class RunIoException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message is the whole explanation. */
  public RunIoException(String message, Throwable cause) {
    super(message, cause);
  }
}
