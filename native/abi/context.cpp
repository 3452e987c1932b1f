/* SPDX-License-Identifier: Apache-2.0 */
// Life and memory of a context; submission.cpp has its work.
#include "abi/context.h"

#include "base/error.h"

namespace espalier {
namespace {

constexpr size_t SCRATCH_STEP = size_t{1} << 20;

/** The device, which is current from here on. */
int32_t selected(int32_t device) {
  device::select(device);
  return device;
}

}  // namespace

Context::Context(int32_t device)
    : device_(selected(device)), allocations_(compute_.stream), varying_(compute_.stream),
      halted_(compute_.stream, sizeof(int32_t)) {}

Context::~Context() {
  try {
    device::select(device_);
  } catch (const std::exception&) {
    // a lost device: what follows does nothing
  }
  settle();
}

void Context::enter() {
  if (lost()) throw Error(ESP_DEVICE_FAULT, "This context is lost: " + fault_);
  device::select(device_);
}

void Context::lose(const std::string& sentence) {
  if (!lost()) fault_ = sentence;
}

void Context::settle() noexcept {
  for (device::Stream stream : {copy_.stream, compute_.stream}) {
    try {
      device::wait(stream);
    } catch (const std::exception&) {
      // this is the way out of something that failed before, or of a context that is closed
    }
  }
}

int64_t Context::stream_handle() const {
  return device::info(device_).emulated ? 0 : reinterpret_cast<int64_t>(compute_.stream);
}

void* Context::Shared::at_least(Context& context, size_t wanted) {
  if (!memory || wanted > bytes) {
    if (context.recording_) {
      throw Error(ESP_INTERNAL, "An operation needs more scratch memory recorded than it did directly.");
    }
    context.graphs_.drop();
    memory.reset();  // in stream order: what is enqueued still has it
    bytes = 0;
    const size_t whole = (wanted / SCRATCH_STEP + 1) * SCRATCH_STEP;
    memory = std::make_unique<device::Scratch>(context.compute_.stream, whole);
    bytes = whole;
  }
  return memory->as<void>();
}

int64_t Context::allocate(int64_t bytes) {
  allocated_ = true;
  return allocations_.allocate(bytes);
}

void Context::release_pinned(int64_t address) {
  wait(0);
  allocations_.release_pinned(address);
}

void Context::check_range(int64_t address, int64_t bytes) const {
  if (bytes < 0) throw Error(ESP_BAD_ARGUMENT, "A copy of " + std::to_string(bytes) + " bytes is not possible.");
  if (bytes == 0) return;
  if (address == 0) throw Error(ESP_BAD_ARGUMENT, "The device address of a copy is 0.");
  if (allocations_.room(address) < bytes) {
    throw Error(ESP_BAD_ARGUMENT, "A copy of " + std::to_string(bytes) + " bytes does not fit the " +
                                      std::to_string(allocations_.room(address)) +
                                      " bytes that are allocated from its device address on.");
  }
}

void Context::write(int64_t address, const void* source, int64_t bytes) {
  check_range(address, bytes);
  if (bytes == 0) return;
  device::to_device(compute_.stream, reinterpret_cast<void*>(address), source, static_cast<size_t>(bytes));
  device::wait(compute_.stream);  // whether a copy still reads its source is otherwise up to the platform
}

void Context::read(int64_t address, void* target, int64_t bytes) {
  check_range(address, bytes);
  if (bytes == 0) return;
  device::to_host(compute_.stream, target, reinterpret_cast<const void*>(address), static_cast<size_t>(bytes));
  device::wait(compute_.stream);
}

esp_counters Context::counters() const {
  esp_counters counters = counters_;
  counters.live_allocations = allocations_.live();
  counters.live_bytes = allocations_.live_bytes();
  return counters;
}

}  // namespace espalier
