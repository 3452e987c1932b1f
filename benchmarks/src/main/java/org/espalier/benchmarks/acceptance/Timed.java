/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks.acceptance;

import java.util.function.Supplier;

/**
 * Something to time.
 *
 * @param what the operation
 * @param shape what it is done on
 * @param flops floating-point operations, a multiply-add counting as two; 0 if there are none to
 *     speak of
 * @param bytes memory traffic it cannot avoid; 0 if not told
 * @param goal billions of operations a second that it should reach; NaN for none
 * @param preparation allocates what it needs
 */
record Timed(
    String what,
    String shape,
    double flops,
    double bytes,
    double goal,
    Supplier<Prepared> preparation) {

  /** Ready to be run again and again. */
  interface Prepared extends AutoCloseable {

    /** Runs it once; it need not be complete when this returns. */
    void run();

    @Override
    void close();
  }
}
