/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the first segments of a JPEG say about its colours (ITU-T T.81 annex B, T.872 for Adobe's
 * segment). Who wrote the file decides what its components mean, and the rules are those of libjpeg
 * and Pillow, which nearly all other readers follow.
 *
 * @param lumaChroma whether the first three components are brightness and two colour differences
 *     (YCbCr, or YCCK if there are four)
 */
record JpegHeader(boolean lumaChroma) {

  private static final int NO_ADOBE = -1;

  /** Reads segments up to the first scan; what is not well formed is left to the decoder. */
  static JpegHeader of(byte[] file) {
    boolean jfif = false;
    int adobe = NO_ADOBE;
    byte[] ids = {};
    int at = 2;
    while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
      int marker = file[at + 1] & 0xff;
      if (marker == 0xff) {
        at++; // fill byte
        continue;
      }
      int length = (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
      int end = at + 2 + length;
      if (marker == 0xda || length < 2 || end > file.length) {
        break;
      }
      if (marker == 0xe0 && named(file, at + 4, end, "JFIF")) {
        jfif = true;
      } else if (marker == 0xee && named(file, at + 4, end, "Adobe") && length >= 14) {
        adobe = file[at + 15] & 0xff;
      } else if (isFrame(marker) && length >= 8 && length >= 8 + 3 * (file[at + 9] & 0xff)) {
        ids = new byte[file[at + 9] & 0xff];
        for (int c = 0; c < ids.length; c++) {
          ids[c] = file[at + 10 + 3 * c];
        }
      }
      at = end;
    }
    return new JpegHeader(isLumaChroma(jfif, adobe, ids));
  }

  private static boolean isLumaChroma(boolean jfif, int adobe, byte[] ids) {
    if (ids.length == 4) {
      return adobe != NO_ADOBE && adobe != 0;
    }
    if (jfif) {
      return true;
    }
    return adobe == NO_ADOBE ? !Arrays.equals(ids, new byte[] {'R', 'G', 'B'}) : adobe != 0;
  }

  /** Start of frame: C0 to CF without tables of Huffman codes, extensions, arithmetic codes. */
  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
  }

  private static boolean named(byte[] file, int at, int end, String name) {
    byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
    return at + letters.length <= end
        && Arrays.equals(file, at, at + letters.length, letters, 0, letters.length);
  }
}
