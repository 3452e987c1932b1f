/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import org.espalier.backend.Activation;
import org.espalier.backend.Epilogue;
import org.espalier.backend.SgdRule;
import org.espalier.sparse.CsrMatrix;
import org.espalier.sparse.Kernel;
import org.espalier.sparse.SparseWeights;
import org.espalier.sparse.Taps;
import org.espalier.sparse.TransposedCopy;
import org.espalier.sparse.ValueRule;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * Writes the engine's types as the structs of {@code native/include/espalier.h}, and refuses what a
 * kernel would answer with an illegal access: arrays that are too short, closed or foreign.
 */
final class Encoder {

  private static final long ROW_BYTES = (long) Float.BYTES * Tensor.ROW_ALIGNMENT;

  private final CommandQueue queue;
  private final CudaMemory memory;
  private CommandWords words;

  Encoder(CommandQueue queue, CudaMemory memory) {
    this.queue = queue;
    this.memory = memory;
  }

  /** Begins a command; what it holds follows, then {@link #end}. */
  Encoder begin(Opcode opcode) {
    words = queue.begin(opcode);
    return this;
  }

  void end() {
    queue.end();
  }

  Encoder put(long word) {
    words.put(word);
    return this;
  }

  Encoder put(float number) {
    words.put(number);
    return this;
  }

  Encoder put(double number) {
    words.put(number);
    return this;
  }

  Encoder putVarying(long number) {
    words.putVarying(number);
    return this;
  }

  /** Puts the address of an array of at least {@code count} elements. */
  Encoder array(DeviceBuffer buffer, ElementType type, long count) {
    words.put(memory.element(buffer, type, 0, count));
    return this;
  }

  /** Puts the address of an array of at least {@code count} floats. */
  Encoder floats(DeviceBuffer buffer, long count) {
    return array(buffer, ElementType.FLOAT32, count);
  }

  /** Puts the address of an array of at least {@code count} floats, or 0 if it is null. */
  Encoder floatsOrNone(DeviceBuffer buffer, long count) {
    return buffer == null ? put(0L) : floats(buffer, count);
  }

  /** Puts an {@code esp_rows}. */
  Encoder rows(Tensor tensor) {
    return rows(tensor, 0, tensor.positions());
  }

  /** Puts an {@code esp_rows} of some positions of a tensor; the first is the start of a line. */
  Encoder rows(Tensor tensor, int first, int count) {
    long size = (long) tensor.rows() * tensor.stride();
    long address = memory.element(tensor.buffer(), ElementType.FLOAT32, tensor.offset(), size);
    if (address % ROW_BYTES != 0 || tensor.stride() % Tensor.ROW_ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "a tensor at element %d with stride %d was used; expected multiples of %d"
              .formatted(tensor.offset(), tensor.stride(), Tensor.ROW_ALIGNMENT));
    }
    words.put(address + (long) Float.BYTES * first);
    words.put(tensor.rows());
    words.put(count);
    words.put(tensor.stride());
    return this;
  }

  /** Puts an {@code esp_rows}, or one of nothing if it is null. */
  Encoder rowsOrNone(Tensor tensor) {
    if (tensor == null) {
      words.put(0L);
      words.put(0L);
      words.put(0L);
      words.put(0L);
      return this;
    }
    return rows(tensor);
  }

  /** Puts an {@code esp_rows} that taps read, which may reach beyond both ends. */
  Encoder rows(Tensor tensor, Taps taps) {
    int reach = taps.reach();
    long end = tensor.offset() + (long) tensor.rows() * tensor.stride();
    if (tensor.offset() < reach || end + reach > tensor.buffer().length()) {
      throw new IllegalArgumentException(
          "a tensor at %d to %d of a buffer of %d elements was used; expected %d more on both sides, which taps may reach"
              .formatted(tensor.offset(), end, tensor.buffer().length(), reach));
    }
    return rows(tensor);
  }

  /** Puts an {@code esp_grid}. */
  private Encoder grid(ImageGrid grid) {
    words.put(grid.height());
    words.put(grid.width());
    words.put(grid.lines());
    words.put(grid.pitch());
    return this;
  }

  /** Puts an {@code esp_images}. */
  Encoder images(Tensor tensor, ImageGrid grid) {
    grid.images(tensor); // refuses parts of images
    return rows(tensor).grid(grid);
  }

  /** Puts an {@code esp_window}. */
  Encoder window(Kernel window) {
    words.put(window.height());
    words.put(window.width());
    words.put(window.stride());
    words.put(window.padding());
    return this;
  }

  /**
   * Puts an {@code esp_taps}.
   *
   * @param table address of their table
   */
  Encoder taps(Taps taps, long table) {
    words.put(taps.count());
    words.put(taps.phases().size());
    words.put(table);
    words.put(taps.reach());
    return grid(taps.input()).grid(taps.output());
  }

  /**
   * Puts an {@code esp_csr}.
   *
   * @param slabs address of the slab index, or 0
   */
  Encoder csr(CsrMatrix csr, long slabs) {
    words.put(csr.rows());
    words.put(csr.columns());
    words.put(csr.nnz());
    array(csr.rowStart(), ElementType.INT32, csr.rows() + 1L);
    array(csr.column(), ElementType.INT32, csr.nnz());
    floats(csr.values(), csr.nnz());
    words.put(slabs);
    return this;
  }

  /** Puts an activation: its kind and slope. */
  Encoder activation(Activation activation) {
    words.put(code(activation));
    words.put(activation.slope());
    return this;
  }

  private static long code(Activation activation) {
    return switch (activation.kind()) {
      case RELU -> 0;
      case LEAKY_RELU -> 1;
      case SIGMOID -> 2;
      case TANH -> 3;
    };
  }

  /** Puts an {@code esp_epilogue} for a result of this shape. */
  Encoder epilogue(Epilogue epilogue, Tensor result) {
    switch (epilogue.kind()) {
      case ACTIVATE -> put(1L).activation(epilogue.activation()).put(0L).put(0L);
      case GRADIENT -> {
        Tensor output = epilogue.output();
        sameShape(output, result);
        put(2L).activation(epilogue.activation());
        long size = (long) output.rows() * output.stride();
        put(memory.element(output.buffer(), ElementType.FLOAT32, output.offset(), size));
        put(output.stride());
      }
      default -> put(0L).put(0L).put(0L).put(0L).put(0L);
    }
    return this;
  }

  /** Puts an {@code esp_sgd_rule}. */
  Encoder rule(SgdRule rule, float learningRate, float gradientScale) {
    words.put(rule.momentum());
    words.put(rule.nesterov() ? 1L : 0L);
    words.put(rule.weightDecay());
    words.putVarying(learningRate);
    words.putVarying(gradientScale);
    return this;
  }

  /** Puts the addresses of the transposed copy's values and slots, or 0 for both. */
  Encoder transposed(SparseWeights weights) {
    if (weights.transposed().isEmpty()) {
      return put(0L).put(0L);
    }
    TransposedCopy copy = weights.transposed().get();
    int nnz = weights.csr().nnz();
    return floats(copy.csr().values(), nnz).array(copy.slot(), ElementType.INT32, nnz);
  }

  /** Puts the kind and the scale of a rule for new values. */
  Encoder values(ValueRule rule) {
    words.put(
        switch (rule.kind()) {
          case ZERO -> 0L;
          case NORMAL -> 1L;
          case UNIFORM -> 2L;
        });
    words.put(rule.scale());
    return this;
  }

  /** Refuses tensors that differ in rows or positions. */
  static void sameShape(Tensor one, Tensor other) {
    shape(one, other.rows(), other.positions());
  }

  /** Refuses a tensor of another shape. */
  static void shape(Tensor tensor, int rows, int positions) {
    if (tensor.rows() != rows || tensor.positions() != positions) {
      throw new IllegalArgumentException(
          "a tensor of %d rows and %d positions was used; expected %d and %d"
              .formatted(tensor.rows(), tensor.positions(), rows, positions));
    }
  }
}
