/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.nio.LongBuffer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Commands not handed over yet, and beside them the numbers that vary from one run of the same
 * commands to the next: learning rates, keys. Identical steps leave identical words here, which is
 * what lets the native library replay a recording. Appending costs no native call.
 *
 * <p>A command that is begun and not ended, because an argument was refused, leaves no trace.
 */
final class CommandWords implements AutoCloseable {

  /** Words of commands: more than a step of a network of a thousand layers takes. */
  private static final int CAPACITY = 1 << 16;

  private static final int VARYING_CAPACITY = 1 << 13;

  /** No command is longer, whatever states a weight has. */
  private static final int LONGEST = 256;

  private final LongPointer wordMemory = new LongPointer(CAPACITY);
  private final LongPointer varyingMemory = new LongPointer(VARYING_CAPACITY);
  private final LongBuffer words = wordMemory.asBuffer();
  private final LongBuffer varying = varyingMemory.asBuffer();
  private int ended; // words of complete commands
  private int endedVarying;
  private Opcode open;

  /** Tells whether any command fits. */
  boolean hasRoom() {
    return ended + LONGEST <= CAPACITY && endedVarying + LONGEST <= VARYING_CAPACITY;
  }

  boolean isEmpty() {
    return ended == 0;
  }

  void begin(Opcode opcode) {
    open = opcode;
    words.position(ended + 1);
    varying.position(endedVarying);
  }

  void put(long word) {
    words.put(word);
  }

  void put(float number) {
    words.put(bits(number));
  }

  void put(double number) {
    words.put(Double.doubleToRawLongBits(number));
  }

  /** Puts a number that may be another one when the same commands come again. */
  void putVarying(long number) {
    words.put(varying.position());
    varying.put(number);
  }

  /** Puts a number that may be another one when the same commands come again. */
  void putVarying(float number) {
    putVarying(bits(number));
  }

  private static long bits(float number) {
    return Integer.toUnsignedLong(Float.floatToRawIntBits(number));
  }

  void end() {
    long length = words.position() - ended;
    words.put(ended, open.code | length << 32);
    ended = words.position();
    endedVarying = varying.position();
  }

  void clear() {
    ended = 0;
    endedVarying = 0;
  }

  long address() {
    return wordMemory.address();
  }

  int length() {
    return ended;
  }

  long varyingAddress() {
    return varyingMemory.address();
  }

  int varyingLength() {
    return endedVarying;
  }

  @Override
  public void close() {
    wordMemory.close();
    varyingMemory.close();
  }
}
