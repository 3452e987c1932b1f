/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/varying_numbers.h"

#include <algorithm>
#include <cstring>

namespace espalier {

namespace {

constexpr int64_t LEAST_CAPACITY = 64;

}  // namespace

VaryingNumbers::~VaryingNumbers() {
  if (pinned_) device::release_pinned(pinned_);
}

bool VaryingNumbers::reserve(int64_t count) {
  if (count <= capacity_) return false;
  const int64_t capacity = std::max({count, 2 * capacity_, LEAST_CAPACITY});
  const size_t bytes = static_cast<size_t>(capacity) * sizeof(int64_t);
  auto on_device = std::make_unique<device::Scratch>(stream_, bytes);
  auto* pinned = static_cast<int64_t*>(device::allocate_pinned(Tickets::IN_FLIGHT * bytes));
  if (pinned_) {
    device::wait(stream_);  // copies out of the old memory
    device::release_pinned(pinned_);
  }
  pinned_ = pinned;
  on_device_ = std::move(on_device);
  capacity_ = capacity;
  return true;
}

void VaryingNumbers::send(int64_t ticket, const int64_t* numbers, int64_t count) {
  if (count == 0) return;
  int64_t* piece = pinned_ + ticket % Tickets::IN_FLIGHT * capacity_;
  const size_t bytes = static_cast<size_t>(count) * sizeof(int64_t);
  memcpy(piece, numbers, bytes);
  device::to_device(stream_, on_device_->as<int64_t>(), piece, bytes);
}

}  // namespace espalier
