/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.Epilogue;
import org.espalier.backend.scalar.ScalarBackend;
import org.espalier.cuda.EmulatedBackendProvider;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory of others in the backend and the backend's memory for others; no CUDA library is used. */
class SharedDeviceTest {

  private static final int LINE = Tensor.ROW_ALIGNMENT;

  private Backend backend;
  private SharedDevice device;

  @BeforeEach
  void open() {
    EmulatedBackendProvider emulated = new EmulatedBackendProvider();
    emulated.refusal().ifPresent(refusal -> assumeTrue(false, refusal.reason()));
    backend = emulated.create(1);
    device = SharedDevice.of(backend);
  }

  @AfterEach
  void closed() {
    if (backend != null) {
      assertEquals(0, backend.memory().liveBuffers());
      backend.close();
    }
  }

  @Test
  void aProductOnMemoryOfSomebodyElse() {
    float[] in = new float[3 * LINE];
    for (int p = 0; p < 2; p++) {
      in[p] = 1 + p;
      in[LINE + p] = 10 + p;
      in[2 * LINE + p] = 100 + p;
    }
    try (HostBlock rowStart = HostBlock.of(0, 2, 3);
        HostBlock column = HostBlock.of(0, 2, 1);
        HostBlock values = HostBlock.of(1f, 2f, -1f);
        HostBlock xMemory = HostBlock.of(in);
        HostBlock yMemory = new HostBlock(2 * LINE)) {
      CsrMatrix weights =
          new CsrMatrix(
              2,
              3,
              3,
              device.wrap(rowStart.address(), ElementType.INT32, 3),
              device.wrap(column.address(), ElementType.INT32, 3),
              device.wrap(values.address(), ElementType.FLOAT32, 3));
      try (DeviceBuffer x = device.wrap(xMemory.address(), ElementType.FLOAT32, 3 * LINE);
          DeviceBuffer y = device.wrap(yMemory.address(), ElementType.FLOAT32, 2 * LINE)) {
        backend
            .sparse()
            .spmm(
                weights,
                null,
                new Tensor(x, 0, 3, 2, LINE),
                new Tensor(y, 0, 2, 2, LINE),
                Epilogue.NONE);
        device.finish();
        assertEquals(1 + 2 * 100, yMemory.floats().get(0));
        assertEquals(2 + 2 * 101, yMemory.floats().get(1));
        assertEquals(-10, yMemory.floats().get(LINE));
        assertEquals(0, backend.memory().liveBytes());
        assertEquals(5, backend.memory().liveBuffers());
      }
      weights.close();
      assertEquals(2, values.floats().get(1), "closing a view leaves the memory alone");
    }
  }

  @Test
  void closingAViewWaitsForTheWorkOnIt() {
    try (HostBlock memory = new HostBlock(100)) {
      DeviceBuffer view = device.wrap(memory.address(), ElementType.FLOAT32, 100);
      backend.memory().fill(view, 3, 5, 2.5f);
      view.close();
      assertEquals(2.5f, memory.floats().get(7));
      assertThrows(IllegalStateException.class, view::close);
      assertThrows(IllegalStateException.class, () -> backend.memory().fill(view, 0, 1, 0));
    }
  }

  @Test
  void theBackendsMemoryAsAnAddress() {
    try (DeviceBuffer buffer = backend.memory().of(new float[] {1, 2, 3})) {
      long address = device.address(buffer);
      assertEquals(address + 8, device.address(buffer, ElementType.FLOAT32, 2, 1));
      try (DeviceBuffer same = device.wrap(address + 4, ElementType.FLOAT32, 2)) {
        assertArrayEquals(new float[] {2, 3}, backend.memory().floats(same, 2));
      }
      assertEquals(0, device.stream(), "the emulator has no streams");
      assertThrows(
          IllegalArgumentException.class, () -> device.address(buffer, ElementType.INT32, 0, 1));
      assertThrows(
          IndexOutOfBoundsException.class, () -> device.address(buffer, ElementType.FLOAT32, 2, 2));
    }
  }

  @Test
  void jcudaPointersBothWays() {
    JcudaBridge jcuda = new JcudaBridge(device);
    try (DeviceBuffer buffer = backend.memory().of(new float[] {1, 2, 3, 4})) {
      Pointer second = jcuda.pointer(buffer).withByteOffset(4);
      try (DeviceBuffer tail = jcuda.wrap(second, ElementType.FLOAT32, 3)) {
        assertEquals(device.address(buffer) + 4, device.address(tail));
        assertArrayEquals(new float[] {2, 3, 4}, backend.memory().floats(tail, 3));
      }
    }
    assertEquals(new JcudaBridge(device).stream(), jcuda.stream());
    assertEquals(0x1234, DevicePointer.addressOf(JcudaBridge.pointer(0x1234)));
  }

  @Test
  void pointersThatAreNotToDeviceMemory() {
    JcudaBridge jcuda = new JcudaBridge(device);
    for (Pointer wrong : List.of(new Pointer(), Pointer.to(new float[3]))) {
      assertThrows(IllegalArgumentException.class, () -> jcuda.wrap(wrong, ElementType.FLOAT32, 1));
    }
    assertThrows(IllegalArgumentException.class, () -> device.wrap(0, ElementType.FLOAT32, 1));
    assertThrows(IllegalArgumentException.class, () -> device.wrap(1026, ElementType.FLOAT32, 1));
    IllegalArgumentException told =
        assertThrows(
            IllegalArgumentException.class, () -> device.wrap(4096, ElementType.INT64, -1));
    assertTrue(told.getMessage().startsWith("-1 elements of INT64"), told.getMessage());
  }

  @Test
  void whoDerivedSomethingIsToldOnce() {
    List<String> told = new ArrayList<>();
    DeviceBuffer buffer = backend.memory().of(new int[] {1, 2});
    device.whenChanged(buffer, () -> told.add("upload"));
    backend.memory().upload(new int[] {3}, 0, buffer, 0, 1);
    device.whenChanged(buffer, () -> told.add("changed"));
    device.changed(buffer);
    device.changed(buffer);
    device.whenChanged(buffer, () -> told.add("closed"));
    buffer.close();
    assertEquals(List.of("upload", "changed", "closed"), told);
    assertThrows(IllegalStateException.class, () -> device.whenChanged(buffer, () -> {}));
  }

  @Test
  void otherBackendsShareNothing() {
    try (Backend scalar = new ScalarBackend()) {
      UserException told = assertThrows(UserException.class, () -> SharedDevice.of(scalar));
      assertEquals(
          "Backend 'cpu-scalar' shares no device memory; expected a CUDA backend: open 'cuda'.",
          told.getMessage());
      try (DeviceBuffer foreign = scalar.memory().of(new float[1])) {
        assertThrows(IllegalArgumentException.class, () -> device.address(foreign));
      }
    }
  }
}
