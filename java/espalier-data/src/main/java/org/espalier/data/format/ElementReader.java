/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.nio.ByteBuffer;

/** The number types that binary array files hold, and how one element becomes a float. */
enum ElementReader {
  UINT8(1) {
    @Override
    float get(ByteBuffer from, int at) {
      return from.get(at) & 0xff;
    }
  },
  INT8(1) {
    @Override
    float get(ByteBuffer from, int at) {
      return from.get(at);
    }
  },
  INT16(2) {
    @Override
    float get(ByteBuffer from, int at) {
      return from.getShort(at);
    }
  },
  INT32(4) {
    @Override
    float get(ByteBuffer from, int at) {
      return from.getInt(at);
    }
  },
  INT64(8) {
    @Override
    float get(ByteBuffer from, int at) {
      return from.getLong(at);
    }
  },
  FLOAT32(4) {
    @Override
    float get(ByteBuffer from, int at) {
      return from.getFloat(at);
    }
  },
  FLOAT64(8) {
    @Override
    float get(ByteBuffer from, int at) {
      return (float) from.getDouble(at);
    }
  };

  private final int bytes;

  ElementReader(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of an element in bytes. */
  int bytes() {
    return bytes;
  }

  /** Returns the element that starts at byte {@code at}, in the byte order of the buffer. */
  abstract float get(ByteBuffer from, int at);
}
