/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The CUDA backend. Operations are written as commands into host memory and handed to the native
 * library many at a time, so that a training step is one native call; {@link
 * org.espalier.cuda.CommandQueue} is where they meet.
 *
 * <p>The same classes run the emulated library, which executes the same kernels on the CPU.
 */
package org.espalier.cuda;
