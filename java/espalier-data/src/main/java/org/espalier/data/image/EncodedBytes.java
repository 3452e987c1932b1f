/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.nio.ByteBuffer;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An image file in memory, which remembers whether somebody wanted more than it has: decoders of
 * JPEG fill up what is missing with grey and say nothing that a program could tell from a harmless
 * warning.
 */
final class EncodedBytes extends ImageInputStreamImpl {

  private final ByteBuffer bytes;
  private boolean exhausted;

  EncodedBytes(byte[] file) {
    this.bytes = ByteBuffer.wrap(file);
  }

  boolean exhausted() {
    return exhausted;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) {
    bitOffset = 0;
    if (streamPos >= bytes.limit()) {
      exhausted = true;
      return -1;
    }
    int count = (int) Math.min(length, bytes.limit() - streamPos);
    bytes.position((int) streamPos).get(target, from, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return bytes.limit();
  }
}
