/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.espalier.UserException;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostMemoryTest {

  private final HostMemory memory = new HostMemory();

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void countsLiveBuffersAndBytes(ElementType type) {
    DeviceBuffer first = memory.allocate(type, 100);
    DeviceBuffer second = memory.allocate(type, 0);
    assertEquals(type, first.type());
    assertEquals(100, first.length());
    assertEquals(2, memory.liveBuffers());
    assertEquals(100L * type.bytes(), memory.liveBytes());
    first.close();
    second.close();
    assertEquals(0, memory.liveBuffers());
    assertEquals(0, memory.liveBytes());
  }

  @Test
  void closingTwiceIsAnError() {
    DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, 4);
    buffer.close();
    assertThrows(IllegalStateException.class, buffer::close);
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void usingAClosedBufferIsAnError() {
    DeviceBuffer floats = memory.of(new float[4]);
    DeviceBuffer ints = memory.of(new int[4]);
    DeviceBuffer longs = memory.allocate(ElementType.INT64, 4);
    floats.close();
    ints.close();
    longs.close();
    assertThrows(IllegalStateException.class, () -> memory.floats(floats, 1));
    assertThrows(IllegalStateException.class, () -> memory.ints(ints, 1));
    assertThrows(IllegalStateException.class, () -> memory.fill(floats, 0, 1, 1));
    assertThrows(IllegalStateException.class, () -> memory.copy(longs, 0, longs, 1, 1));
    assertThrows(IllegalStateException.class, () -> memory.upload(new int[1], 0, ints, 0, 1));
  }

  @Test
  void copiesWithOffsetsOnBothSides() {
    DeviceBuffer buffer = memory.of(new float[] {1, 2, 3, 4, 5});
    memory.upload(new float[] {7, 8, 9}, 1, buffer, 2, 2);
    assertArrayEquals(new float[] {1, 2, 8, 9, 5}, memory.floats(buffer, 5));
    float[] part = new float[4];
    memory.download(buffer, 3, part, 1, 2);
    assertArrayEquals(new float[] {0, 9, 5, 0}, part);
    memory.fill(buffer, 1, 2, 6);
    assertArrayEquals(new float[] {1, 6, 6, 9, 5}, memory.floats(buffer, 5));

    DeviceBuffer ints = memory.of(new int[] {1, 2, 3});
    memory.upload(new int[] {4, 5}, 1, ints, 0, 1);
    int[] read = new int[3];
    memory.download(ints, 0, read, 1, 2);
    assertArrayEquals(new int[] {0, 5, 2}, read);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void copiesBetweenBuffersOfEveryType(ElementType type) {
    DeviceBuffer from = memory.allocate(type, 6);
    DeviceBuffer to = memory.allocate(type, 4);
    for (int i = 0; i < 6; i++) {
      switch (type) {
        case FLOAT32 -> HostBuffer.floats(from)[HostBuffer.BASE + i] = i + 1;
        case INT32 -> HostBuffer.ints(from)[i] = i + 1;
        case INT64 -> HostBuffer.longs(from)[i] = i + 1;
        default -> throw new IllegalStateException();
      }
    }
    memory.copy(from, 2, to, 1, 3);
    long[] copied = new long[4];
    for (int i = 0; i < 4; i++) {
      copied[i] =
          switch (type) {
            case FLOAT32 -> (long) HostBuffer.floats(to)[HostBuffer.BASE + i];
            case INT32 -> HostBuffer.ints(to)[i];
            case INT64 -> HostBuffer.longs(to)[i];
          };
    }
    assertArrayEquals(new long[] {0, 3, 4, 5}, copied);
  }

  @Test
  void rangesOutsideABufferAreRefused() {
    DeviceBuffer floats = memory.of(new float[4]);
    DeviceBuffer ints = memory.of(new int[4]);
    float[] host = new float[10];
    assertOutside(() -> memory.upload(host, 0, floats, 1, 4));
    assertOutside(() -> memory.upload(host, 0, floats, -1, 2));
    assertOutside(() -> memory.upload(new int[10], 0, ints, 4, 1));
    assertOutside(() -> memory.download(floats, 0, host, 0, 5));
    assertOutside(() -> memory.download(ints, 3, new int[10], 0, 2));
    assertOutside(() -> memory.fill(floats, 2, 3, 0));
    assertOutside(() -> memory.fill(floats, 0, -1, 0));
    assertOutside(() -> memory.copy(floats, 0, floats, 2, 3));
    assertOutside(() -> memory.copy(floats, Long.MAX_VALUE, floats, 0, 1));
  }

  private static void assertOutside(Runnable access) {
    assertThrows(IndexOutOfBoundsException.class, access::run);
  }

  @Test
  void moreThanAnArrayCanHoldIsTheUsersProblem() {
    UserException failure =
        assertThrows(
            UserException.class, () -> memory.allocate(ElementType.FLOAT32, 90_000_000_000L));
    assertTrue(failure.getMessage().contains("90,000,000,000"), failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> memory.allocate(ElementType.INT32, -1));
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void aFullHeapIsTheUsersProblem() {
    // 8 bytes for each of the most elements there can be, which the tests' heap does not hold
    long length = Integer.MAX_VALUE - 1000L;
    UserException failure =
        assertThrows(UserException.class, () -> memory.allocate(ElementType.INT64, length));
    assertTrue(failure.getMessage().contains("-Xmx"), failure.getMessage());
    assertEquals(0, memory.liveBuffers());
    assertEquals(0, memory.liveBytes());
  }

  @Test
  void floatsAreFollowedByAWholeLine() {
    for (int length : new int[] {0, 1, 15, 16, 17}) {
      DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, length);
      int end = HostBuffer.BASE + length;
      assertTrue(HostBuffer.floats(buffer).length >= end + Tensor.ROW_ALIGNMENT);
    }
  }

  @Test
  void tensorsOutsideTheirBufferAreRefused() {
    DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, 100);
    new Tensor(buffer, 4, 6, 10, 16);
    assertRefused(() -> new Tensor(buffer, 5, 6, 10, 16));
    assertRefused(() -> new Tensor(buffer, 0, 1, 17, 16));
    assertRefused(() -> new Tensor(buffer, -1, 1, 1, 16));
    assertRefused(() -> new Tensor(buffer, 0, -1, 1, 16));
    assertRefused(() -> new Tensor(memory.of(new int[100]), 0, 1, 1, 16));
    assertEquals(0, Tensor.strideFor(0));
    assertEquals(16, Tensor.strideFor(1));
    assertEquals(16, Tensor.strideFor(16));
    assertEquals(32, Tensor.strideFor(17));
  }

  private static void assertRefused(Runnable construction) {
    assertThrows(IllegalArgumentException.class, construction::run);
  }
}
