/* SPDX-License-Identifier: Apache-2.0 */
// What the rest of the native code needs of a device besides launching kernels. Two implementations: device_cuda.cu on
// the CUDA runtime, device_emulated.cpp on host memory. Functions throw Error; none returns a code to be checked. Those
// that give something back never throw: what went wrong on the device is found again by the next call that waits for
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "espalier.h"
#include "simt/simt.h"

namespace espalier::device {

/** A queue of work on a device: operations of one stream happen in order. cudaStream_t, or the emulator's. */
using Stream = simt::Stream;

/** Number of usable devices, at least 1; throws ESP_NO_DEVICE or ESP_DRIVER_TOO_OLD with the reason. */
int32_t count();
esp_device_info info(int32_t device);

/** Makes a device current for the calling thread; throws ESP_DEVICE_TOO_OLD below compute capability 8.0. */
void select(int32_t device);

Stream create_stream();
void destroy_stream(Stream stream);
void wait(Stream stream);

/** Makes what is enqueued on `later` from now on wait for what is enqueued on `earlier` up to now. */
void order(Stream earlier, Stream later);

/** Memory in stream order; the content is undefined (the emulator poisons it with NaN). */
void* allocate(Stream stream, size_t bytes);
void release(Stream stream, void* address);
void memory(size_t* free_bytes, size_t* total_bytes);
void* allocate_pinned(size_t bytes);
void release_pinned(void* address);

void zero(Stream stream, void* target, size_t bytes);
void copy(Stream stream, void* target, const void* source, size_t bytes);           // device to device
void to_device(Stream stream, void* target, const void* source, size_t bytes);      // asynchronous if source is pinned
void to_host(Stream stream, void* target, const void* source, size_t bytes);        // asynchronous if target is pinned

/** A point in a stream that can be waited for and timed. */
class Event {
 public:
  Event();
  ~Event();
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  void record(Stream stream);
  void wait();
  /** Seconds from `earlier` to this; both were recorded and are over. */
  double seconds_since(const Event& earlier) const;

 private:
  struct State;
  State* state_;
};

/** What was enqueued on a stream between begin and end, to be enqueued again as a whole. */
class Graph {
 public:
  static void begin(Stream stream);
  /** Ends the recording that `begin` started. */
  static Graph* end(Stream stream);
  /** Ends a recording that went wrong; nothing was run. */
  static void abandon(Stream stream);
  ~Graph();
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  void launch(Stream stream);

 private:
  struct State;
  explicit Graph(State* state) : state_(state) {}
  State* state_;
};

/** Throws if a launch just failed; `what` names the operation. Called after every launch by SIMT_LAUNCH users through
    commands; cheap. */
void check_launch(const std::string& what);

/** Memory of one operation, given back in stream order. */
class Scratch {
 public:
  Scratch(Stream stream, size_t bytes) : stream_(stream), address_(bytes ? allocate(stream, bytes) : nullptr) {}
  ~Scratch() {
    if (address_) release(stream_, address_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  template <class T>
  T* as() const {
    return static_cast<T*>(address_);
  }

 private:
  Stream stream_;
  void* address_;
};

}  // namespace espalier::device
