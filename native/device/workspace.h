/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "device/device.h"

namespace espalier {

/**
 * What an operation is run in: its stream, the memory it may use while it runs, and the flag that a loss which is not
 * finite sets. The memory is shared by all operations of the stream, one after the other, and may be part of recorded
 * graphs, so it is asked for by every operation anew and never kept.
 */
class Workspace {
 public:
  virtual device::Stream stream() const = 0;

  /** Returns at least that many bytes, on a 256-byte boundary, with undefined content. */
  virtual void* scratch(size_t bytes) = 0;

  /** The same, another piece: for operands that an operation writes out in another form, a matrix with its zeros or
      tensors in 16 bits. */
  virtual void* operands(size_t bytes) = 0;

  /** One int32 in device memory: not 0 when the updates of this submission must do nothing. */
  virtual int32_t* halted() const = 0;

  template <class T>
  T* scratch_of(size_t count) {
    return static_cast<T*>(scratch(count * sizeof(T)));
  }
  template <class T>
  T* operands_of(size_t count) {
    return static_cast<T*>(operands(count * sizeof(T)));
  }

 protected:
  ~Workspace() = default;
};

}  // namespace espalier
