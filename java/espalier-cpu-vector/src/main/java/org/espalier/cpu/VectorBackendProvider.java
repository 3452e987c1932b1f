/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cpu;

import java.util.Optional;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers {@link VectorBackend} where the JVM compiles the Vector API to wide registers. */
public final class VectorBackendProvider implements BackendProvider {

  private static final Logger LOG = LoggerFactory.getLogger(VectorBackendProvider.class);

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public int rank() {
    return 100;
  }

  @Override
  public Optional<Refusal> refusal() {
    return VectorSupport.ofThisJvm().refusal();
  }

  @Override
  public Backend create(int threads) {
    refusal()
        .ifPresent(
            refusal -> {
              throw new UserException(
                  "Backend '%s' cannot be used here: %s; %s."
                      .formatted(name(), refusal.reason(), refusal.fix()));
            });
    VectorBackend backend = new VectorBackend(threads);
    LOG.info("Backend cpu: {}", backend.description());
    return backend;
  }
}
