/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.portable;

import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;

/** Offers {@link PortableBackend} on every JVM, in place of the one that needs the Vector API. */
public final class PortableBackendProvider implements BackendProvider {

  @Override
  public String name() {
    return PortableBackend.NAME;
  }

  @Override
  public int rank() {
    return 50;
  }

  @Override
  public Optional<Refusal> refusal() {
    return Optional.empty();
  }

  @Override
  public Optional<String> standsInFor() {
    return Optional.of("cpu");
  }

  @Override
  public Backend create(int threads) {
    return new PortableBackend(threads);
  }
}
