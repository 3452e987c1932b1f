/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The fast CPU backend, on the JDK Vector API: one kernel per file. Inner loops of many widths come
 * from {@code src/main/templates}.
 *
 * <p>Same inputs, same bits, whatever the number of threads and whether a method runs interpreted
 * or compiled: each output element is computed by one thread in a fixed order, from operations that
 * IEEE 754 rounds in one way only (add, multiply, divide, fma, bit operations). Lane reductions and
 * the transcendental functions of the Vector API are not among them.
 */
package org.espalier.cpu;
