/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * All cases: every method of the operation families of {@link org.espalier.backend.Backend}, ragged
 * shapes first, then the shapes worth timing.
 */
public final class OperationCatalogue {

  private OperationCatalogue() {}

  /** Returns every case; the names are distinct. */
  public static List<OperationCase> all() {
    List<OperationCase> cases = new ArrayList<>();
    SparseCases.addTo(cases);
    FusedUpdateCases.addTo(cases);
    DenseCases.addTo(cases);
    ConvolutionCases.addTo(cases);
    GatherCases.addTo(cases);
    RowCases.addTo(cases);
    ImageCases.addTo(cases);
    PoolingCases.addTo(cases);
    NormalizationCases.addTo(cases);
    LossCases.addTo(cases);
    UpdateCases.addTo(cases);
    TopologyCases.addTo(cases);
    MagnitudeCases.addTo(cases);
    ScoreCases.addTo(cases);
    return List.copyOf(cases);
  }

  /** Returns the cases that are small enough for a unit test. */
  public static List<OperationCase> small() {
    return all().stream().filter(operationCase -> !operationCase.benchmark()).toList();
  }

  /** Returns the cases that are large enough to be worth timing. */
  public static List<OperationCase> benchmarks() {
    return all().stream().filter(OperationCase::benchmark).toList();
  }
}
