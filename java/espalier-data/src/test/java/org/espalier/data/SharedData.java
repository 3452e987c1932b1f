/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of real data sets that may lie beside a checkout of the repository. */
final class SharedData {

  private SharedData() {}

  /** Returns the folder, or skips the test that asks for it. */
  static Path folder() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve(".mvn"))) {
      at = at.getParent();
    }
    assumeTrue(at != null, "the tests do not run inside the repository");
    Path data = at.resolveSibling("shared").resolve("data");
    assumeTrue(Files.isDirectory(data), "there are no data sets in " + data);
    return data;
  }
}
