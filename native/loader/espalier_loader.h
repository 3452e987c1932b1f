/* SPDX-License-Identifier: Apache-2.0 */
// Opens implementations of espalier.h at run time, for the Java bindings: one JNI library serves the CUDA library and the
// emulated one, is built without either, and either can be replaced by another build. Header only, and C++ for the host only.
//
// Every call takes the library first. Addresses and handles are int64_t, since that is what Java can hold. Results that are
// never negative come back as they are; a negative result is a status with its sign turned.
#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "espalier.h"

namespace espalier::loader {

#define ESPALIER_FOR_EACH_FUNCTION(use)                                                                             \
  use(last_error) use(device_count) use(device) use(open) use(close) use(stream) use(allocate) use(release)         \
  use(memory) use(allocate_pinned) use(release_pinned) use(write) use(read) use(submit) use(wait) use(set_checking) \
  use(read_counters) use(time) use(set_schedule) use(slab_words)

/** The functions of one library. It stays loaded until the process ends: a CUDA runtime cannot be unloaded safely. */
struct Library {
#define ESPALIER_MEMBER(name) decltype(&::esp_##name) name;
  ESPALIER_FOR_EACH_FUNCTION(ESPALIER_MEMBER)
#undef ESPALIER_MEMBER
};

inline std::string& load_failure() {
  thread_local std::string sentence;
  return sentence;
}

template <class Function>
bool resolve(void* handle, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(dlsym(handle, name));
  if (*function == nullptr) load_failure() = std::string("it has no function ") + name;
  return *function != nullptr;
}

inline bool resolve_all(void* handle, Library* library) {
  decltype(&::esp_abi_version) abi_version;
  if (!resolve(handle, "esp_abi_version", &abi_version)) return false;
  if (abi_version() != ESP_ABI_VERSION) {
    load_failure() = "its interface has version " + std::to_string(abi_version()) + ", expected " +
                     std::to_string(ESP_ABI_VERSION);
    return false;
  }
#define ESPALIER_RESOLVE(name) \
  if (!resolve(handle, "esp_" #name, &library->name)) return false;
  ESPALIER_FOR_EACH_FUNCTION(ESPALIER_RESOLVE)
#undef ESPALIER_RESOLVE
  return true;
}

/** Returns the library in a file, or 0; load_error() then says why, as the end of a sentence. */
inline int64_t load(const char* path) {
  void* handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    load_failure() = dlerror();
    return 0;
  }
  Library* library = new Library;
  if (!resolve_all(handle, library)) {
    delete library;
    dlclose(handle);
    return 0;
  }
  return reinterpret_cast<int64_t>(library);
}

inline const char* load_error() { return load_failure().c_str(); }

inline const Library& at(int64_t library) { return *reinterpret_cast<const Library*>(library); }

/** A result, or its status if it went wrong. */
inline int64_t result_or(esp_status status, int64_t result) { return status == ESP_OK ? result : -status; }

inline const char* last_error(int64_t library) { return at(library).last_error(); }

inline int64_t device_count(int64_t library) {
  int32_t count = 0;
  const esp_status status = at(library).device_count(&count);
  return result_or(status, count);
}

/** Describes a device: its name in 128 bytes, and the numbers of esp_device_info in their order. */
inline int32_t device(int64_t library, int32_t device, signed char* name, int64_t* numbers) {
  esp_device_info info;
  const esp_status status = at(library).device(device, &info);
  if (status != ESP_OK) return status;
  std::memcpy(name, info.name, sizeof(info.name));
  const int64_t all[] = {info.compute_major,   info.compute_minor, info.multiprocessors, info.driver_version,
                         info.runtime_version, info.emulated,      info.total_bytes,     info.free_bytes};
  std::memcpy(numbers, all, sizeof(all));
  return ESP_OK;
}

inline int64_t open(int64_t library, int32_t device) {
  int64_t context = 0;
  const esp_status status = at(library).open(device, &context);
  return result_or(status, context);
}

inline int32_t close(int64_t library, int64_t context) { return at(library).close(context); }

inline int64_t stream(int64_t library, int64_t context) {
  int64_t stream = 0;
  const esp_status status = at(library).stream(context, &stream);
  return result_or(status, stream);
}

inline int64_t allocate(int64_t library, int64_t context, int64_t bytes) {
  int64_t address = 0;
  const esp_status status = at(library).allocate(context, bytes, &address);
  return result_or(status, address);
}

inline int32_t release(int64_t library, int64_t context, int64_t address) {
  return at(library).release(context, address);
}

/** Writes the free bytes, then all bytes of the device. */
inline int32_t memory(int64_t library, int64_t context, int64_t* numbers) {
  return at(library).memory(context, &numbers[0], &numbers[1]);
}

inline int64_t allocate_pinned(int64_t library, int64_t context, int64_t bytes) {
  int64_t address = 0;
  const esp_status status = at(library).allocate_pinned(context, bytes, &address);
  return result_or(status, address);
}

inline int32_t release_pinned(int64_t library, int64_t context, int64_t address) {
  return at(library).release_pinned(context, address);
}

inline int32_t write(int64_t library, int64_t context, int64_t address, int64_t source, int64_t bytes) {
  return at(library).write(context, address, reinterpret_cast<const void*>(source), bytes);
}

inline int32_t read(int64_t library, int64_t context, int64_t address, int64_t target, int64_t bytes) {
  return at(library).read(context, address, reinterpret_cast<void*>(target), bytes);
}

/** Enqueues the esp_submission at an address and returns its ticket. */
inline int64_t submit(int64_t library, int64_t context, int64_t submission, int64_t wait_for) {
  int64_t ticket = 0;
  const esp_status status =
      at(library).submit(context, reinterpret_cast<const esp_submission*>(submission), wait_for, &ticket);
  return result_or(status, ticket);
}

inline int32_t wait(int64_t library, int64_t context, int64_t ticket) { return at(library).wait(context, ticket); }

inline int32_t set_checking(int64_t library, int64_t context, int32_t on) {
  return at(library).set_checking(context, on);
}

/** Writes the six numbers of esp_counters. */
inline int32_t read_counters(int64_t library, int64_t context, int64_t* numbers) {
  esp_counters counters;
  const esp_status status = at(library).read_counters(context, &counters);
  if (status != ESP_OK) return status;
  const int64_t all[] = {counters.submissions,    counters.commands,         counters.graphs_recorded,
                         counters.graph_launches, counters.live_allocations, counters.live_bytes};
  std::memcpy(numbers, all, sizeof(all));
  return ESP_OK;
}

/** Returns seconds, or a status with its sign turned. */
inline double time(int64_t library, int64_t context, int64_t submission, int32_t repeats) {
  double seconds = 0;
  const esp_status status =
      at(library).time(context, reinterpret_cast<const esp_submission*>(submission), repeats, &seconds);
  return status == ESP_OK ? seconds : -status;
}

inline int32_t set_schedule(int64_t library, int64_t context, int64_t seed) {
  return at(library).set_schedule(context, seed);
}

inline int64_t slab_words(int64_t library, int64_t rows, int64_t columns) {
  return at(library).slab_words(rows, columns);
}

#undef ESPALIER_FOR_EACH_FUNCTION

}  // namespace espalier::loader
