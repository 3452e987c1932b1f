/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.cuda.nativeapi.NativeLibrary;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.ElementType;

/**
 * Slab indices, which tell the sparse products where a row's entries of each block of columns
 * start. The one of a pattern is built when a product first wants it, and lives as long as the
 * pattern's column array, to which it is attached.
 */
final class SlabIndexes {

  /** With fewer positions the products take their operand from the cache. */
  private static final int LEAST_POSITIONS = 32;

  /** And so they do below this density: 2 entries for the 1024 rows that share a slab. */
  private static final double LEAST_DENSITY = 2.0 / 1024;

  private final CudaMemory memory;
  private final Encoder encoder;
  private final NativeLibrary library;

  SlabIndexes(CudaMemory memory, Encoder encoder, NativeLibrary library) {
    this.memory = memory;
    this.encoder = encoder;
    this.library = library;
  }

  /** Returns the address of the index for a product with so many positions, 0 for none. */
  long of(CsrMatrix csr, int positions) {
    if (positions < LEAST_POSITIONS || csr.nnz() == 0 || csr.density() < LEAST_DENSITY) {
      return 0;
    }
    CudaBuffer column = memory.own(csr.column());
    CudaBuffer index = column.attachment(this);
    return index == null ? build(csr, column) : index.address();
  }

  private long build(CsrMatrix csr, CudaBuffer column) {
    long words = library.slabWords(csr.rows(), csr.columns());
    CudaBuffer index = memory.allocate(ElementType.INT32, words);
    column.attach(this, index);
    encoder.begin(Opcode.SLABS).csr(csr, 0).put(index.address()).end();
    return index.address();
  }
}
