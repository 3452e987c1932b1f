/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.vendor;

import org.espalier.backend.BackendProvider.Refusal;
import org.espalier.backend.Backends;

/**
 * Prints, in a process of its own, whether cuSPARSE can be used; a JVM loads a library only once.
 */
final class CusparseProbe {

  private CusparseProbe() {}

  /**
   * Prints.
   *
   * @param arguments {@code library} for a look at the library, {@code backend} for one at the
   *     backend, {@code stub} to use the stub
   */
  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "library" -> {
        System.out.println(CusparseLibrary.refusal().map(CusparseProbe::text).orElse("works"));
        System.out.println(CusparseLibrary.refusal().map(CusparseProbe::text).orElse("works"));
      }
      case "backend" ->
          Backends.providers().stream()
              .filter(provider -> provider.name().equals("cusparse"))
              .forEach(
                  provider ->
                      System.out.println(
                          provider.refusal().map(CusparseProbe::text).orElse("works")));
      default -> {
        CusparseStub.open(SpmmAlgorithm.CSR_ALG2).close();
        System.out.println("works");
      }
    }
  }

  private static String text(Refusal refusal) {
    return refusal.reason() + "; " + refusal.fix();
  }
}
