/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.espalier.cuda.nativeapi.MissingLibraryException;
import org.espalier.cuda.nativeapi.NativeLibrary;

/** Opens the emulated backend; tests that need it are skipped, with the reason, where it is not. */
final class Emulated {

  private static final String LIBRARY = "espalier_emulated";

  private Emulated() {}

  static CudaBackend open() {
    return open(new CudaSettings(0, false, 0, Optional.empty()));
  }

  static CudaBackend open(CudaSettings settings) {
    return new CudaBackend(library(), "cuda-emulated", settings, 2);
  }

  static NativeLibrary library() {
    try {
      return NativeLibrary.find(LIBRARY);
    } catch (MissingLibraryException missing) {
      assumeTrue(false, missing::getMessage);
      throw new AssertionError(missing);
    }
  }
}
