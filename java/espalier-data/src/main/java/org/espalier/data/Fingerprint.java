/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over everything that decides which samples a set has, and in which order. */
final class Fingerprint {

  private final MessageDigest digest;

  /** Begins with nothing. */
  Fingerprint() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Adds a line of text. */
  void add(String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Adds the test rows of a split and returns all in hexadecimal; nothing can be added after. */
  String end(RowSplit split) {
    ByteBuffer rows = ByteBuffer.allocate(4 * split.test().length);
    rows.asIntBuffer().put(split.test());
    digest.update(rows);
    return HexFormat.of().formatHex(digest.digest());
  }
}
