/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The CPU backend for JVMs without the Vector API: plain Java whose inner loops the JIT compiler
 * can turn into SIMD code by itself.
 *
 * <p>C2 vectorises a loop that reads and writes arrays only if all of them are indexed alike; with
 * two different offsets it cannot rule out that the arrays are one. So the loops that matter run
 * over <em>row arrays</em>: short arrays that hold one row of a tensor each, from the same element
 * on, copied from the tensor's memory and back.
 *
 * <p>Arithmetic is single precision with multiplications and additions only. {@link
 * java.lang.Math#fma} would be a few percent faster where the processor has it, and is emulated
 * with big decimals where it has not. Without it, and without functions whose last bits are the
 * JVM's choice, results are the same bits on every machine, JVM and number of threads.
 */
package org.espalier.backend.portable;
