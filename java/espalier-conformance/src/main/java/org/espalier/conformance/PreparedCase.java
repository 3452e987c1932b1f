/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.List;

/** A case with its inputs in a backend's memory. Close it to give the memory back. */
public interface PreparedCase extends AutoCloseable {

  /**
   * Runs the operation once. It may be run again and again, which is what a benchmark does; results
   * are comparable between backends after equally many runs.
   */
  void run();

  /** Returns the results of the last run; called at most once, after the last run. */
  List<Output> outputs();

  @Override
  void close();
}
