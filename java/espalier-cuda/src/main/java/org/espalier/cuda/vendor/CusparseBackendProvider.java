/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import java.util.Optional;
import org.espalier.UserException;
import org.espalier.backend.Backend;
import org.espalier.backend.BackendProvider;
import org.espalier.cuda.CudaBackendProvider;
import org.espalier.cuda.interop.SharingBackend;

/** Offers the backend with cuSPARSE's products, where the CUDA backend works and cuSPARSE is. */
public final class CusparseBackendProvider implements BackendProvider {

  private static final String NAME = "cusparse";

  private final BackendProvider cuda = new CudaBackendProvider();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return -50;
  }

  @Override
  public boolean forTestsOnly() {
    return true;
  }

  @Override
  public Optional<Refusal> refusal() {
    return cuda.refusal()
        .map(why -> new Refusal("it needs backend cuda, and " + why.reason(), why.fix()))
        .or(CusparseLibrary::refusal)
        .or(SpmmAlgorithm::refusal);
  }

  @Override
  public Backend create(int threads) {
    refusal()
        .ifPresent(
            refusal -> {
              throw new UserException(
                  "Backend '%s' cannot be used here: %s; %s."
                      .formatted(NAME, refusal.reason(), refusal.fix()));
            });
    SpmmAlgorithm algorithm = SpmmAlgorithm.read();
    Backend inner = cuda.create(threads);
    try {
      return new CusparseBackend(NAME, (SharingBackend) inner, algorithm);
    } catch (RuntimeException | Error failure) {
      inner.close();
      throw failure;
    }
  }
}
