/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import org.espalier.backend.Backend;

/**
 * One backend operation on one set of inputs. The inputs are a pure function of the case, so that
 * every backend gets the same bits.
 *
 * @param operation name of the interface method
 * @param parameters shapes and variant, for people; with the operation it names the case
 * @param flops floating-point operations of a run, a multiply-add counting as two
 * @param bytes memory traffic a run cannot avoid: every input read once and every output written
 *     once
 * @param benchmark whether the case is large enough to be worth timing; tests may leave these out
 * @param setup puts the inputs into a workspace
 */
public record OperationCase(
    String operation, String parameters, long flops, long bytes, boolean benchmark, Setup setup) {

  /** Builds the inputs of a case. */
  @FunctionalInterface
  interface Setup {

    /** Fills the workspace and returns what to run and what to read afterwards. */
    PreparedCase in(Workspace workspace);
  }

  /** Returns the operation and the parameters. */
  public String name() {
    return operation + " " + parameters;
  }

  /** Puts the inputs into the memory of a backend. */
  public PreparedCase prepare(Backend backend) {
    Workspace workspace = new Workspace(backend);
    try {
      return setup.in(workspace);
    } catch (RuntimeException | Error failure) {
      workspace.close();
      throw failure;
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
