/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <memory>

#include "abi/tickets.h"
#include "device/device.h"

namespace espalier {

/**
 * The numbers that commands refer to by index. They live in one array on the device, whose address recorded graphs
 * hold, and travel there at the start of each submission, in stream order, through page-locked memory: a piece of its
 * own for each submission that may be in flight, so that the host need not wait for the copy.
 */
class VaryingNumbers {
 public:
  explicit VaryingNumbers(device::Stream stream) : stream_(stream) {}
  ~VaryingNumbers();
  VaryingNumbers(const VaryingNumbers&) = delete;
  VaryingNumbers& operator=(const VaryingNumbers&) = delete;

  /** Makes room. Returns whether the array on the device has moved, which invalidates recorded graphs. */
  bool reserve(int64_t count);

  /** Enqueues the copy of numbers for the submission with that ticket. The one IN_FLIGHT tickets before it is over. */
  void send(int64_t ticket, const int64_t* numbers, int64_t count);

  const int64_t* on_device() const { return on_device_ ? on_device_->as<const int64_t>() : nullptr; }

 private:
  device::Stream stream_;
  int64_t capacity_ = 0;
  std::unique_ptr<device::Scratch> on_device_;
  int64_t* pinned_ = nullptr;  // IN_FLIGHT pieces of capacity_ numbers
};

}  // namespace espalier
