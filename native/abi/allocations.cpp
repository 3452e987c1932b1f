/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/allocations.h"

#include <algorithm>
#include <string>

#include "base/error.h"

namespace espalier {
namespace {

void check_size(int64_t bytes) {
  if (bytes < 0) throw Error(ESP_BAD_ARGUMENT, "Memory of " + std::to_string(bytes) + " bytes cannot be allocated.");
}

/** Bytes from an address to the end of its piece, -1 if it lies in none. */
int64_t room_in(const std::map<int64_t, int64_t>& pieces, int64_t address) {
  auto after = pieces.upper_bound(address);
  if (after == pieces.begin()) return -1;
  const auto& [begin, bytes] = *--after;
  return address - begin < std::max<int64_t>(bytes, 1) ? begin + bytes - address : -1;
}

std::map<int64_t, int64_t>::iterator piece(std::map<int64_t, int64_t>& pieces, int64_t address, const char* kind) {
  auto found = pieces.find(address);
  if (found == pieces.end()) {
    throw Error(ESP_BAD_ARGUMENT, std::string("No ") + kind + " memory begins at address " + std::to_string(address) +
                                      ": it was never allocated by this context, or is released already.");
  }
  return found;
}

}  // namespace

Allocations::~Allocations() {
  for (const auto& [address, bytes] : device_) device::release(stream_, reinterpret_cast<void*>(address));
  for (const auto& [address, bytes] : pinned_) device::release_pinned(reinterpret_cast<void*>(address));
}

int64_t Allocations::allocate(int64_t bytes) {
  check_size(bytes);
  const size_t held = static_cast<size_t>(std::max<int64_t>(bytes, 1));
  void* memory = device::allocate(stream_, held);
  const auto address = reinterpret_cast<int64_t>(memory);
  device_.emplace(address, bytes);
  live_bytes_ += bytes;
  device::zero(stream_, memory, held);  // fails on a lost device only, and then the memory is given back at the end
  return address;
}

void Allocations::release(int64_t address) {
  const auto found = piece(device_, address, "device");
  live_bytes_ -= found->second;
  device_.erase(found);
  device::release(stream_, reinterpret_cast<void*>(address));
}

int64_t Allocations::allocate_pinned(int64_t bytes) {
  check_size(bytes);
  void* memory = device::allocate_pinned(static_cast<size_t>(std::max<int64_t>(bytes, 1)));
  const auto address = reinterpret_cast<int64_t>(memory);
  pinned_.emplace(address, bytes);
  return address;
}

void Allocations::release_pinned(int64_t address) {
  pinned_.erase(piece(pinned_, address, "page-locked"));
  device::release_pinned(reinterpret_cast<void*>(address));
}

int64_t Allocations::room(int64_t address) const {
  const int64_t room = room_in(device_, address);
  return room < 0 ? INT64_MAX : room;
}

int64_t Allocations::pinned_room(int64_t address) const { return std::max<int64_t>(room_in(pinned_, address), 0); }

}  // namespace espalier
