/* SPDX-License-Identifier: Apache-2.0 */
// The few tools of the native tests. The same tests run on the emulator and, built with nvcc, on a GPU.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "device/device.h"
#include "device/workspace.h"

namespace espalier::test {

inline int& failures() {
  static int count = 0;
  return count;
}

inline void fail(const std::string& what) {
  if (++failures() <= 20) fprintf(stderr, "FAILED: %s\n", what.c_str());
}

inline void expect(bool holds, const std::string& what) {
  if (!holds) fail(what);
}

/** Ends main: says how it went. */
inline int result(const char* name) {
  printf("%s: %s\n", name, failures() ? "FAILED" : "passed");
  return failures() ? 1 : 0;
}

/** Random numbers that do not depend on the platform. */
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t bits() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ z >> 27) * 0x94D049BB133111EBull;
    return z ^ z >> 31;
  }
  float number() { return static_cast<float>(static_cast<int64_t>(bits() >> 40) - (1 << 23)) / (1 << 23); }  // [-1, 1)
  int32_t below(int32_t n) { return static_cast<int32_t>(bits() % static_cast<uint64_t>(n)); }

 private:
  uint64_t state_;
};

/** The workspace of a test: one stream, memory from the device. */
class TestWorkspace final : public Workspace {
 public:
  TestWorkspace() : stream_(device::create_stream()) {
    halted_ = static_cast<int32_t*>(device::allocate(stream_, sizeof(int32_t)));
    device::zero(stream_, halted_, sizeof(int32_t));
  }
  ~TestWorkspace() {
    device::wait(stream_);
    for (void* piece : {scratch_, operands_}) {
      if (piece) device::release(stream_, piece);
    }
    device::release(stream_, halted_);
    device::destroy_stream(stream_);
  }
  device::Stream stream() const override { return stream_; }
  void* scratch(size_t bytes) override { return anew(scratch_, bytes); }
  void* operands(size_t bytes) override { return anew(operands_, bytes); }
  int32_t* halted() const override { return halted_; }

 private:
  /** Memory of its own for every operation: exactly as much as was asked for, so that sanitizers see an overrun. */
  void* anew(void*& piece, size_t bytes) {
    if (piece) device::release(stream_, piece);
    piece = device::allocate(stream_, bytes);
    return piece;
  }

  device::Stream stream_;
  void* scratch_ = nullptr;
  void* operands_ = nullptr;
  int32_t* halted_;
};

/** An array in device memory, exactly as long as its content. */
template <class T>
class Array {
 public:
  Array(Workspace& workspace, const std::vector<T>& values) : workspace_(workspace), size_(values.size()) {
    data_ = static_cast<T*>(device::allocate(workspace.stream(), size_ * sizeof(T) + (size_ == 0)));
    if (size_) device::to_device(workspace.stream(), data_, values.data(), size_ * sizeof(T));
    device::wait(workspace.stream());
  }
  Array(Workspace& workspace, size_t size, T value) : Array(workspace, std::vector<T>(size, value)) {}
  ~Array() { device::release(workspace_.stream(), data_); }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  T* data() const { return data_; }
  size_t size() const { return size_; }
  std::vector<T> values() const {
    std::vector<T> host(size_);
    if (size_) device::to_host(workspace_.stream(), host.data(), data_, size_ * sizeof(T));
    device::wait(workspace_.stream());
    return host;
  }

 private:
  Workspace& workspace_;
  size_t size_;
  T* data_;
};

}  // namespace espalier::test
