/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.espalier.UserException;
import org.espalier.backend.Epilogue;
import org.espalier.backend.Memory;
import org.espalier.backend.PendingFloats;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CudaMemoryTest {

  private CudaBackend backend;
  private Memory memory;

  @BeforeEach
  void open() {
    backend = Emulated.open();
    memory = backend.memory();
  }

  @AfterEach
  void close() {
    if (backend != null) {
      assertEquals(0, memory.liveBuffers());
      assertEquals(0, memory.liveBytes());
      backend.close();
    }
  }

  /** Sizes around the limits of staging, and of blocks of plain copies. */
  @Test
  void whatIsUploadedComesBack() {
    for (int count : new int[] {0, 1, 1000, 65_536, 65_537, 262_145, 1_000_000}) {
      int[] ints = IntStream.range(0, count).map(i -> i * 7 + count).toArray();
      float[] floats = new float[count];
      for (int i = 0; i < count; i++) {
        floats[i] = ints[i];
      }
      try (DeviceBuffer one = memory.of(ints);
          DeviceBuffer other = memory.of(floats)) {
        assertArrayEquals(ints, memory.ints(one, count));
        assertArrayEquals(floats, memory.floats(other, count));
      }
    }
  }

  @Test
  void manySmallUploadsOutgrowOneStagingAreaWithoutLoss() {
    int count = 50_000;
    try (DeviceBuffer buffer = memory.allocate(ElementType.FLOAT32, 20L * count)) {
      float[] piece = new float[count];
      for (int i = 0; i < 20; i++) {
        Arrays.fill(piece, i + 1);
        memory.upload(piece, 0, buffer, (long) i * count, count);
      }
      float[] all = memory.floats(buffer, 20 * count);
      for (int i = 0; i < all.length; i++) {
        assertEquals(i / count + 1, all[i]);
      }
    }
  }

  @Test
  void copiesAndFillsKeepTheirOrder() {
    try (DeviceBuffer buffer = memory.of(new float[] {1, 2, 3, 4});
        DeviceBuffer copy = memory.allocate(ElementType.FLOAT32, 6)) {
      memory.copy(buffer, 1, copy, 2, 3);
      memory.fill(buffer, 0, 2, 9);
      memory.copy(buffer, 0, copy, 0, 1);
      assertArrayEquals(new float[] {9, 0, 2, 3, 4, 0}, memory.floats(copy, 6));
    }
  }

  @Test
  void aLaterDownloadSeesWhatWasThereWhenItWasAskedFor() {
    try (DeviceBuffer buffer = memory.of(new float[] {1, 2, 3})) {
      PendingFloats before = memory.downloadLater(buffer, 1, 2);
      assertFalse(before.ready());
      memory.fill(buffer, 0, 3, 7);
      PendingFloats after = memory.downloadLater(buffer, 0, 3);
      float[] got = new float[4];
      after.get(got, 1);
      assertArrayEquals(new float[] {0, 7, 7, 7}, got);
      assertTrue(before.ready());
      before.get(got, 0);
      assertArrayEquals(new float[] {2, 3, 7, 7}, got);
      assertThrows(IllegalStateException.class, () -> before.get(got, 0));
    }
  }

  @Test
  void aDownloadNobodyAskedForYetSurvivesLaterSteps() {
    try (DeviceBuffer buffer = memory.of(new float[] {5})) {
      PendingFloats early = memory.downloadLater(buffer, 0, 1);
      for (int i = 0; i < 5; i++) {
        memory.upload(new float[] {i}, 0, buffer, 0, 1);
        assertEquals(i, memory.floats(buffer, 1)[0]);
      }
      float[] got = new float[1];
      early.get(got, 0);
      assertEquals(5, got[0]);
    }
  }

  @Test
  void aBufferIsClosedOnceAndNotUsedAfterwards() {
    backend.working("linear1");
    DeviceBuffer buffer = memory.of(new float[] {1});
    buffer.close();
    var twice = assertThrows(IllegalStateException.class, buffer::close);
    assertEquals("buffer closed twice (allocated for 'linear1')", twice.getMessage());
    assertThrows(IllegalStateException.class, () -> memory.floats(buffer, 1));
    assertThrows(IllegalStateException.class, () -> memory.fill(buffer, 0, 1, 0));
    assertEquals(0, memory.liveBuffers());
  }

  @Test
  void aBufferOfAnotherBackendOrContextIsRefused() {
    try (CudaBackend other = Emulated.open();
        ScalarBackend host = new ScalarBackend();
        DeviceBuffer theirs = other.memory().of(new float[] {1});
        DeviceBuffer hosts = host.memory().of(new float[] {1})) {
      String context = refusal(theirs);
      assertTrue(context.contains("of another device context"), context);
      String backendOfHost = refusal(hosts);
      assertTrue(backendOfHost.contains("of another backend (HostBuffer)"), backendOfHost);
    }
  }

  private String refusal(DeviceBuffer foreign) {
    return assertThrows(IllegalArgumentException.class, () -> memory.fill(foreign, 0, 1, 0))
        .getMessage();
  }

  @Test
  void rangesAndTypesAreChecked() {
    try (DeviceBuffer buffer = memory.allocate(ElementType.INT32, 4)) {
      assertThrows(
          IndexOutOfBoundsException.class, () -> memory.upload(new int[4], 0, buffer, 1, 4));
      assertThrows(
          IndexOutOfBoundsException.class, () -> memory.download(buffer, -1, new int[4], 0, 1));
      assertThrows(IllegalArgumentException.class, () -> memory.fill(buffer, 0, 1, 1));
      assertThrows(IllegalArgumentException.class, () -> memory.allocate(ElementType.FLOAT32, -1));
    }
  }

  @Test
  void anArrayTooShortForAnOperationIsRefused() {
    try (DeviceBuffer values = memory.allocate(ElementType.FLOAT32, 32);
        DeviceBuffer sums = memory.allocate(ElementType.FLOAT32, 1)) {
      Tensor rows = new Tensor(values, 0, 2, 16, 16);
      assertThrows(IndexOutOfBoundsException.class, () -> backend.rows().rowSums(rows, sums));
      Tensor skewed = new Tensor(values, 3, 1, 16, 16);
      assertThrows(IllegalArgumentException.class, () -> backend.rows().rowSums(skewed, sums));
    }
  }

  @Test
  void memoryThatRunsOutIsAccountedFor() {
    backend.working("linear2");
    try (DeviceBuffer large = memory.allocate(ElementType.FLOAT32, 100_000)) {
      assertEquals(large.bytes(), memory.liveBytes());
      backend.working("linear3");
      String message =
          assertThrows(UserException.class, () -> memory.allocate(ElementType.INT64, 1L << 50))
              .getMessage();
      assertTrue(message.contains("9,007,199,254,740,992 bytes were asked for 'linear3'"), message);
      assertTrue(message.contains("are free"), message);
      assertTrue(message.contains("largest consumer is 'linear2' with 400,000"), message);
      assertTrue(message.contains("smaller batch"), message);
      assertEquals(1, memory.liveBuffers());
    }
  }

  @Test
  void aSlabIndexLivesAsLongAsItsPattern() {
    CsrMatrix weights = backend.topology().random(64, 600, 4000, 1, ValueRule.ZEROS, 2);
    try (DeviceBuffer in = memory.allocate(ElementType.FLOAT32, 600 * 64);
        DeviceBuffer out = memory.allocate(ElementType.FLOAT32, 64 * 64)) {
      Tensor x = new Tensor(in, 0, 600, 64, 64);
      Tensor y = new Tensor(out, 0, 64, 64, 64);
      assertEquals(5, memory.liveBuffers());
      backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
      backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
      assertEquals(6, memory.liveBuffers());
      weights.close();
      assertEquals(2, memory.liveBuffers());
    }
  }
}
