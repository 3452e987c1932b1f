/* SPDX-License-Identifier: Apache-2.0 */
/**
 * For programs that already hold device memory: their memory as buffers of the engine, the engine's
 * buffers as addresses or JCuda pointers, and the stream that orders both sides' work. Nothing is
 * copied.
 *
 * <p>{@link org.espalier.cuda.interop.SharedDevice} speaks in addresses, which is what any other
 * library needs (JavaCPP's CUDA presets, say); {@link org.espalier.cuda.interop.JcudaBridge} speaks
 * JCuda. The backend itself is opened as always: {@code Backends.open("cuda", threads)}. {@code
 * docs/examples/cuda} has a program.
 */
package org.espalier.cuda.interop;
