/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.Optional;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers the CUDA backend where its library was built and there is a device for it. */
public final class CudaBackendProvider implements BackendProvider {

  private static final Logger LOG = LoggerFactory.getLogger(CudaBackendProvider.class);
  private static final String NAME = "cuda";

  private final LibraryCheck check =
      new LibraryCheck(
          "espalier_cuda",
          "install g++, cmake and the CUDA toolkit (nvcc) and build again, or use --backend cpu");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 200;
  }

  @Override
  public Optional<Refusal> refusal() {
    return check.refusal();
  }

  @Override
  public Backend create(int threads) {
    CudaBackend backend = check.open(NAME, threads);
    LOG.info("Backend {}: {}", NAME, backend.description());
    return backend;
  }
}
