/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <map>

#include "device/device.h"

namespace espalier {

/**
 * The memory that the users of a context hold, on the device and page-locked on the host. It knows the size of each
 * piece, so that an access past its end can be refused before it happens, and gives back what is left at the end.
 */
class Allocations {
 public:
  /** Memory is allocated and given back in the order of this stream. */
  explicit Allocations(device::Stream stream) : stream_(stream) {}
  ~Allocations();
  Allocations(const Allocations&) = delete;
  Allocations& operator=(const Allocations&) = delete;

  /** Zeroed device memory; 0 bytes get an address of their own, too. */
  int64_t allocate(int64_t bytes);
  void release(int64_t address);

  int64_t allocate_pinned(int64_t bytes);

  /** The caller has waited for the copies from and to this memory. */
  void release_pinned(int64_t address);

  /** Bytes from an address on the device to the end of the piece it lies in; INT64_MAX elsewhere. */
  int64_t room(int64_t address) const;

  /** The same of host memory; 0 in memory that is not from here. */
  int64_t pinned_room(int64_t address) const;

  /** Pieces of device memory not given back yet. */
  int64_t live() const { return static_cast<int64_t>(device_.size()); }
  int64_t live_bytes() const { return live_bytes_; }

 private:
  using Pieces = std::map<int64_t, int64_t>;  // bytes by address

  device::Stream stream_;
  Pieces device_;
  Pieces pinned_;
  int64_t live_bytes_ = 0;
};

}  // namespace espalier
