/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;

/** Offers the CUDA backend on the emulator, to test it where there is no device. */
public final class EmulatedBackendProvider implements BackendProvider {

  private static final String NAME = "cuda-emulated";

  private final LibraryCheck check =
      new LibraryCheck(
          "espalier_emulated",
          "with g++ and cmake, build it: mvn -DskipTests -Despalier.native=emulated package");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return -100;
  }

  @Override
  public boolean forTestsOnly() {
    return true;
  }

  @Override
  public Optional<Refusal> refusal() {
    return check.refusal();
  }

  @Override
  public Backend create(int threads) {
    return check.open(NAME, threads);
  }
}
