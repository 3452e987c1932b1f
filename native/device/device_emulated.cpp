/* SPDX-License-Identifier: Apache-2.0 */
// The device of the emulator: host memory, poisoned when it is handed out, and streams that are never behind.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "device/device.h"

namespace espalier::device {
namespace {

constexpr size_t ALIGNMENT = 256;
constexpr int POISON = 0xff;  // four of them are a NaN

/** What a GPU might bear for a while; found in a function that must not throw. */
[[noreturn]] void misused(const char* how) {
  fprintf(stderr, "SIMT emulator: %s\n", how);
  abort();
}

/** All device memory. Its size can be set, so that running out of it can be tested. */
class Memory {
 public:
  Memory() {
    const char* text = getenv("ESPALIER_EMULATED_MEMORY");
    total_ = text ? strtoull(text, nullptr, 10) : size_t{4} << 30;
  }

  void* allocate(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    void* address = nullptr;
    if (bytes > total_ - used_ || posix_memalign(&address, ALIGNMENT, bytes) != 0) {
      throw Error(ESP_OUT_OF_MEMORY, "Out of device memory: " + std::to_string(bytes) + " bytes were asked for, " +
                                         std::to_string(total_ - used_) + " of " + std::to_string(total_) +
                                         " are free.");
    }
    memset(address, POISON, bytes);
    sizes_[address] = bytes;
    used_ += bytes;
    return address;
  }

  void release(void* address) {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto entry = sizes_.find(address);
    if (entry == sizes_.end()) misused("memory was released that is not allocated, or not any more");
    used_ -= entry->second;
    sizes_.erase(entry);
    free(address);
  }

  void read(size_t* free_bytes, size_t* total_bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    *free_bytes = total_ - used_;
    *total_bytes = total_;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<void*, size_t> sizes_;
  size_t total_ = 0;
  size_t used_ = 0;
};

Memory& device_memory() {
  static Memory memory;
  return memory;
}

/** What CUDA refuses to capture, the emulator refuses as well. */
void refuse_recording(Stream stream, const char* what) {
  if (stream && stream->recording) throw Error(ESP_INTERNAL, std::string(what) + " while its stream is recorded.");
}

}  // namespace

int32_t count() { return 1; }

esp_device_info info(int32_t device) {
  select(device);
  esp_device_info info{};
  strncpy(info.name, "SIMT emulator", sizeof(info.name) - 1);
  info.compute_major = 9;    // whose limits it keeps
  info.multiprocessors = 4;  // any number above one: grids that depend on it have more than one block
  info.emulated = 1;
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  memory(&free_bytes, &total_bytes);
  info.free_bytes = static_cast<int64_t>(free_bytes);
  info.total_bytes = static_cast<int64_t>(total_bytes);
  return info;
}

void select(int32_t device) {
  if (device != 0) {
    throw Error(ESP_NO_DEVICE, "There is no device " + std::to_string(device) + ": the emulator has device 0 alone.");
  }
}

Stream create_stream() { return new simt::StreamState(); }
void destroy_stream(Stream stream) { delete stream; }
void wait(Stream stream) { refuse_recording(stream, "The host waited"); }

void order(Stream earlier, Stream later) {
  refuse_recording(earlier, "Another stream was made to wait");
  refuse_recording(later, "A wait for another stream was asked for");
}

void* allocate(Stream stream, size_t bytes) {
  refuse_recording(stream, "Memory was allocated");
  return bytes ? device_memory().allocate(bytes) : nullptr;
}

void release(Stream stream, void* address) {
  if (stream && stream->recording) misused("memory was released while its stream is recorded");
  if (address) device_memory().release(address);
}

void memory(size_t* free_bytes, size_t* total_bytes) { device_memory().read(free_bytes, total_bytes); }

void* allocate_pinned(size_t bytes) {
  void* address = nullptr;
  if (posix_memalign(&address, ALIGNMENT, bytes ? bytes : 1) != 0) {
    throw Error(ESP_OUT_OF_MEMORY, "Out of page-locked memory: " + std::to_string(bytes) + " bytes were asked for.");
  }
  memset(address, POISON, bytes);
  return address;
}

void release_pinned(void* address) { free(address); }

void zero(Stream stream, void* target, size_t bytes) {
  simt::enqueue(stream, [=] { memset(target, 0, bytes); });
}

void copy(Stream stream, void* target, const void* source, size_t bytes) {
  simt::enqueue(stream, [=] { memcpy(target, source, bytes); });
}

void to_device(Stream stream, void* target, const void* source, size_t bytes) { copy(stream, target, source, bytes); }
void to_host(Stream stream, void* target, const void* source, size_t bytes) { copy(stream, target, source, bytes); }

struct Event::State {
  std::chrono::steady_clock::time_point time{};
};

Event::Event() : state_(new State()) {}
Event::~Event() { delete state_; }

void Event::record(Stream stream) {
  refuse_recording(stream, "An event was recorded");
  state_->time = std::chrono::steady_clock::now();
}

void Event::wait() {}

double Event::seconds_since(const Event& earlier) const {
  return std::chrono::duration<double>(state_->time - earlier.state_->time).count();
}

struct Graph::State {
  std::unique_ptr<std::vector<simt::Work>> work;
};

void Graph::begin(Stream stream) {
  if (!stream) throw Error(ESP_INTERNAL, "The default stream cannot be recorded.");
  refuse_recording(stream, "A recording was begun");
  stream->recording.reset(new std::vector<simt::Work>());
}

Graph* Graph::end(Stream stream) {
  if (!stream || !stream->recording) throw Error(ESP_INTERNAL, "A recording was ended that was never begun.");
  return new Graph(new State{std::move(stream->recording)});
}

void Graph::abandon(Stream stream) {
  if (stream) stream->recording.reset();
}

Graph::~Graph() { delete state_; }

void Graph::launch(Stream stream) {
  for (const simt::Work& work : *state_->work) simt::enqueue(stream, work);
}

void check_launch(const std::string&) {}

}  // namespace espalier::device
