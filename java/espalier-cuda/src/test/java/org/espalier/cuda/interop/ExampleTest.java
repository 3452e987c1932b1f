/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import jcuda.Pointer;
import org.espalier.backend.Backend;
import org.espalier.cuda.EmulatedBackendProvider;
import org.espalier.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of the docs compiles, and what it does with JCuda's pointers works on the emulator.
 */
class ExampleTest {

  private static final String NAME = "SpmmOnJcudaMemory";

  @TempDir private Path folder;

  @Test
  void compilesAndMultiplies() throws Exception {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve(".mvn"))) {
      root = root.getParent();
    }
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                root.resolve("docs/examples/cuda/" + NAME + ".java").toString());
    assertEquals(0, compiled);

    EmulatedBackendProvider emulated = new EmulatedBackendProvider();
    emulated.refusal().ifPresent(refusal -> assumeTrue(false, refusal.reason()));
    float[] in = new float[3 * Tensor.ROW_ALIGNMENT];
    in[3] = 1;
    in[Tensor.ROW_ALIGNMENT + 3] = 2;
    in[2 * Tensor.ROW_ALIGNMENT + 3] = 3;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        HostBlock rowStart = HostBlock.of(0, 2, 3);
        HostBlock column = HostBlock.of(0, 2, 1);
        HostBlock values = HostBlock.of(1f, 2f, -1f);
        HostBlock x = HostBlock.of(in);
        HostBlock y = new HostBlock(2 * Tensor.ROW_ALIGNMENT);
        Backend backend = emulated.create(1)) {
      Method multiply =
          loader
              .loadClass(NAME)
              .getDeclaredMethod(
                  "multiply",
                  Backend.class,
                  Pointer.class,
                  Pointer.class,
                  Pointer.class,
                  Pointer.class,
                  Pointer.class);
      multiply.setAccessible(true);
      multiply.invoke(
          null,
          backend,
          JcudaBridge.pointer(rowStart.address()),
          JcudaBridge.pointer(column.address()),
          JcudaBridge.pointer(values.address()),
          JcudaBridge.pointer(x.address()),
          JcudaBridge.pointer(y.address()));
      assertEquals(1 + 2 * 3, y.floats().get(3));
      assertEquals(-2, y.floats().get(Tensor.ROW_ALIGNMENT + 3));
      assertEquals(0, backend.memory().liveBuffers());
    }
  }
}
