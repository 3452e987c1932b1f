/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayList;
import java.util.List;
import org.espalier.backend.Memory;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Memory of the gradients on their way back through a network. Each lives from one layer to the
 * next only, so all layers share a few buffers, as large as the largest gradient: what is written
 * next was read last, and is still in the cache.
 */
final class GradientMemory implements AutoCloseable {

  private static final class Loan {

    final DeviceBuffer buffer;
    InputGradient holder; // null if it is free
    Tensor last; // that the buffer held, with zeros before and behind

    Loan(DeviceBuffer buffer) {
      this.buffer = buffer;
    }
  }

  private final Memory memory;
  private final List<Loan> loans = new ArrayList<>();
  private long expected; // floats of the largest gradient

  GradientMemory(Memory memory) {
    this.memory = memory;
  }

  /**
   * Notes that gradients of this shape will come, so that no memory has to be replaced by larger.
   */
  void expect(TensorShape shape, int maxSamples) {
    expected = Math.max(expected, shape.length(maxSamples));
  }

  /** Lends memory until the holder asks again, or it is given back. */
  DeviceBuffer lend(InputGradient holder, long length) {
    for (int i = 0; i < loans.size(); i++) {
      if (loans.get(i).holder == holder) {
        loans.get(i).holder = null;
      }
    }
    Loan loan = free(length);
    loan.holder = holder;
    return loan.buffer;
  }

  private Loan free(long length) {
    Loan largest = null;
    for (int i = 0; i < loans.size(); i++) {
      Loan loan = loans.get(i);
      if (loan.holder == null) {
        if (loan.buffer.length() >= length) {
          return loan;
        }
        largest =
            largest == null || loan.buffer.length() > largest.buffer.length() ? loan : largest;
      }
    }
    if (largest != null) {
      loans.remove(largest);
      largest.buffer.close();
    }
    long size = Math.max(length, expected);
    Loan made = new Loan(memory.allocate(ElementType.FLOAT32, size));
    loans.add(made);
    return made;
  }

  /** Puts zeros before and behind a tensor in memory that is lent. */
  void guard(Tensor tensor, int guard) {
    Loan loan = of(tensor);
    if (guard > 0 && !tensor.equals(loan.last)) {
      long end = tensor.offset() + (long) tensor.rows() * tensor.stride();
      memory.fill(loan.buffer, tensor.offset() - guard, guard, 0);
      memory.fill(loan.buffer, end, guard, 0);
    }
    loan.last = tensor;
  }

  /** Takes a gradient back that nobody reads any more; what was never lent is left alone. */
  void giveBack(Tensor gradient) {
    Loan loan = of(gradient);
    if (loan != null) {
      loan.holder = null;
    }
  }

  /** Takes everything back. */
  void giveBackAll() {
    for (int i = 0; i < loans.size(); i++) {
      loans.get(i).holder = null;
    }
  }

  private Loan of(Tensor tensor) {
    for (int i = 0; i < loans.size(); i++) {
      if (loans.get(i).buffer == tensor.buffer()) {
        return loans.get(i);
      }
    }
    return null;
  }

  @Override
  public void close() {
    loans.forEach(loan -> loan.buffer.close());
    loans.clear();
  }
}
