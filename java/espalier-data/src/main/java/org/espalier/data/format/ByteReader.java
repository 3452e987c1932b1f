/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.espalier.UserException;

/**
 * Reads a file from its first byte to its last, unpacking it if its first bytes say that it is
 * gzipped, and turns whatever goes wrong into a sentence that names the file and the place. For one
 * thread.
 */
public final class ByteReader implements Closeable {

  private static final int GZIP_BUFFER = 1 << 16;

  private final DataFile file;
  private final InputStream in;
  private final MessageDigest digest;
  private final boolean gzip;
  private long offset;

  private ByteReader(DataFile file, InputStream in, MessageDigest digest, boolean gzip) {
    this.file = file;
    this.in = in;
    this.digest = digest;
    this.gzip = gzip;
  }

  /**
   * Opens a file.
   *
   * @throws UserException if it cannot be opened, or is empty
   */
  public static ByteReader open(DataFile file) {
    InputStream opened = null;
    try {
      opened = file.opener().open();
      PushbackInputStream raw = new PushbackInputStream(opened, 2);
      byte[] magic = raw.readNBytes(2);
      raw.unread(magic);
      boolean gzip = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
      InputStream plain = gzip ? new GZIPInputStream(raw, GZIP_BUFFER) : raw;
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return new ByteReader(file, new DigestInputStream(plain, digest), digest, gzip);
    } catch (IOException e) {
      closeQuietly(opened, e);
      throw explain(file, 0, true, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void closeQuietly(InputStream opened, IOException reason) {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** Returns the file that is read. */
  public DataFile file() {
    return file;
  }

  /** Returns how many bytes have been read, after unpacking. */
  public long offset() {
    return offset;
  }

  /**
   * Reads up to {@code length} bytes, and fewer only at the end of the file.
   *
   * @return how many bytes were read; 0 at the end of the file
   * @throws UserException if the file is empty, cut short or corrupt
   */
  public int read(byte[] target, int from, int length) {
    try {
      int count = in.readNBytes(target, from, length);
      offset += count;
      if (offset == 0 && length > 0) {
        throw file.error("the file is empty");
      }
      return count;
    } catch (IOException e) {
      throw explain(file, offset, gzip, e);
    }
  }

  /**
   * Reads exactly {@code length} bytes.
   *
   * @param what what the bytes are, for the message when they are not all there
   * @throws UserException if the file ends before
   */
  public void readFully(byte[] target, int from, int length, String what) {
    int count = read(target, from, length);
    if (count < length) {
      throw file.error(
          "truncated at byte %d%s, expected %d more for %s",
          offset, unpacked(gzip), length - count, what);
    }
  }

  /**
   * Checks that the file ends here.
   *
   * @param what what the bytes read were, for the message when there are more
   * @throws UserException if there are more bytes
   */
  public void expectEnd(String what) {
    if (read(new byte[1], 0, 1) != 0) {
      throw file.error(
          "data goes on after byte %d%s, expected the file to end there, after %s",
          offset - 1, unpacked(gzip), what);
    }
  }

  /**
   * Returns the SHA-256 of all bytes read so far, unpacked, in hexadecimal; the last call to make.
   */
  public String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw explain(file, offset, gzip, e);
    }
  }

  private static String unpacked(boolean gzip) {
    return gzip ? " (unpacked)" : "";
  }

  private static UserException explain(DataFile file, long offset, boolean gzip, IOException e) {
    if (e instanceof NoSuchFileException || e instanceof java.io.FileNotFoundException) {
      return new UserException(file.name() + ": there is no such file.", e);
    }
    if (e instanceof AccessDeniedException) {
      return new UserException(file.name() + ": permission to read the file is missing.", e);
    }
    String where = " at byte " + offset + unpacked(gzip);
    if (gzip && e instanceof EOFException) {
      return new UserException(
          file.name() + ": truncated" + where + ", expected more compressed data.", e);
    }
    if (gzip && e instanceof ZipException) {
      return new UserException(
          file.name() + ": corrupt gzip data" + where + " (" + e.getMessage() + ").", e);
    }
    return new UserException(
        file.name() + ": cannot be read" + where + " (" + e.getMessage() + ").", e);
  }
}
