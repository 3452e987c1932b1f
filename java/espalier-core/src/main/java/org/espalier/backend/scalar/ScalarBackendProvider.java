/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.scalar;

import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;

/** Offers {@link ScalarBackend} everywhere, as the last choice. */
public final class ScalarBackendProvider implements BackendProvider {

  @Override
  public String name() {
    return ScalarBackend.NAME;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public Optional<Refusal> refusal() {
    return Optional.empty();
  }

  @Override
  public Backend create(int threads) {
    return new ScalarBackend();
  }
}
