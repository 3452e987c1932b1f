/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.espalier.backend.Memory;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.Tensor;

/** Copies results from a backend's memory. */
final class Results {

  private Results() {}

  static Output of(String name, Memory memory, Tensor tensor, ErrorBound bound) {
    double[] values = new double[tensor.rows() * tensor.positions()];
    float[] row = new float[tensor.positions()];
    for (int r = 0; r < tensor.rows(); r++) {
      long start = tensor.offset() + (long) r * tensor.stride();
      memory.download(tensor.buffer(), start, row, 0, row.length);
      for (int p = 0; p < row.length; p++) {
        values[r * row.length + p] = row[p];
      }
    }
    return new Output(name, tensor.rows(), tensor.positions(), values, bound);
  }

  /** Returns rows up to the stride, of images: what is not a pixel has to be zero. */
  static Output wholeRows(String name, Memory memory, Tensor tensor, ErrorBound bound) {
    Tensor whole =
        new Tensor(
            tensor.buffer(), tensor.offset(), tensor.rows(), tensor.stride(), tensor.stride());
    return of(name, memory, whole, bound);
  }

  /** Returns one row of a tensor. */
  static Output row(String name, Memory memory, Tensor tensor, int row, ErrorBound bound) {
    long offset = tensor.offset() + (long) row * tensor.stride();
    return of(
        name,
        memory,
        new Tensor(tensor.buffer(), offset, 1, tensor.positions(), tensor.stride()),
        bound);
  }

  static Output of(String name, Memory memory, DeviceBuffer buffer, int count, ErrorBound bound) {
    float[] values = memory.floats(buffer, count);
    return array(name, IntStream.range(0, count).mapToDouble(i -> values[i]).toArray(), bound);
  }

  static Output ints(String name, Memory memory, DeviceBuffer buffer, int count) {
    return array(
        name,
        Arrays.stream(memory.ints(buffer, count)).asDoubleStream().toArray(),
        ErrorBound.EXACT);
  }

  static Output exact(String name, double value) {
    return array(name, new double[] {value}, ErrorBound.EXACT);
  }

  static Output array(String name, double[] values, ErrorBound bound) {
    return new Output(name, 1, values.length, values, bound);
  }

  /** Returns everything a matrix is, to be compared exactly. */
  static List<Output> of(Memory memory, CsrMatrix csr) {
    return List.of(
        array("shape", new double[] {csr.rows(), csr.columns(), csr.nnz()}, ErrorBound.EXACT),
        ints("rowStart", memory, csr.rowStart(), csr.rows() + 1),
        ints("column", memory, csr.column(), csr.nnz()),
        of("values", memory, csr.values(), csr.nnz(), ErrorBound.EXACT));
  }
}
