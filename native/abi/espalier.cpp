/* SPDX-License-Identifier: Apache-2.0 */
// The functions of espalier.h: they find the context, turn exceptions into a status and a sentence, and do nothing
// else.
#include "espalier.h"

#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>

#include "abi/context.h"
#include "base/error.h"
#include "spmm/slabs.h"

namespace {

using espalier::Context;
using espalier::Error;

thread_local std::string last_error;

/** The open contexts. Handles are numbers that never come again, so that a closed context is recognised. */
class Contexts {
 public:
  int64_t add(std::unique_ptr<Context> context) {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_[++last_] = std::move(context);
    return last_;
  }

  Context& get(int64_t handle) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return *find(handle)->second;
  }

  std::unique_ptr<Context> take(int64_t handle) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return std::move(open_.extract(find(handle)).mapped());
  }

 private:
  using Open = std::map<int64_t, std::unique_ptr<Context>>;

  Open::iterator find(int64_t handle) {
    const auto found = open_.find(handle);
    if (found == open_.end()) {
      throw Error(ESP_BAD_ARGUMENT, "There is no open context " + std::to_string(handle) +
                                        ": it was never opened, or is closed already.");
    }
    return found;
  }

  std::mutex mutex_;
  Open open_;
  int64_t last_ = 0;
};

Contexts& contexts() {
  // Never destroyed: at the end of the process the CUDA runtime may be gone before a context that was left open.
  static auto* all = new Contexts();
  return *all;
}

esp_status fail(esp_status status, const char* sentence) {
  try {
    last_error = sentence;
  } catch (const std::bad_alloc&) {
    last_error.clear();
  }
  return status;
}

template <class Body>
esp_status guarded(Body body) {
  try {
    body();
    return ESP_OK;
  } catch (const Error& error) {
    return fail(error.status(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ESP_OUT_OF_MEMORY, "The native library is out of host memory.");
  } catch (const std::exception& error) {
    return fail(ESP_INTERNAL, error.what());
  } catch (...) {
    return fail(ESP_INTERNAL, "The native library failed for an unknown reason.");
  }
}

/** Runs a body in a context, which a fault of the device loses. */
template <class Body>
esp_status in_context(int64_t handle, Body body) {
  return guarded([&] {
    Context& context = contexts().get(handle);
    context.enter();
    try {
      body(context);
    } catch (const Error& error) {
      if (error.status() == ESP_DEVICE_FAULT) context.lose(error.what());
      throw;
    }
  });
}

template <class T>
T& required(T* pointer, const char* name) {
  if (!pointer) throw Error(ESP_BAD_ARGUMENT, std::string("The argument ") + name + " is null.");
  return *pointer;
}

}  // namespace

int32_t esp_abi_version(void) { return ESP_ABI_VERSION; }

const char* esp_last_error(void) { return last_error.c_str(); }

esp_status esp_device_count(int32_t* count) {
  return guarded([&] {
    int32_t& devices = required(count, "count");
    devices = espalier::device::count();
  });
}

esp_status esp_device(int32_t device, esp_device_info* info) {
  return guarded([&] { required(info, "info") = espalier::device::info(device); });
}

esp_status esp_open(int32_t device, int64_t* context) {
  return guarded([&] {
    int64_t& handle = required(context, "context");
    handle = contexts().add(std::make_unique<Context>(device));
  });
}

esp_status esp_close(int64_t context) {
  return guarded([&] {
    const std::unique_ptr<Context> closing = contexts().take(context);
    if (closing->lost()) return;
    closing->enter();
    closing->wait(0);  // so that a fault that nobody has noticed yet is told
  });
}

esp_status esp_stream(int64_t context, int64_t* stream) {
  return in_context(context, [&](Context& self) { required(stream, "stream") = self.stream_handle(); });
}

esp_status esp_allocate(int64_t context, int64_t bytes, int64_t* address) {
  return in_context(context, [&](Context& self) {
    int64_t& result = required(address, "address");
    result = self.allocate(bytes);
  });
}

esp_status esp_release(int64_t context, int64_t address) {
  return in_context(context, [&](Context& self) { self.release(address); });
}

esp_status esp_memory(int64_t context, int64_t* free_bytes, int64_t* total_bytes) {
  return in_context(context, [&](Context&) {
    size_t free = 0;
    size_t total = 0;
    espalier::device::memory(&free, &total);
    required(free_bytes, "free_bytes") = static_cast<int64_t>(free);
    required(total_bytes, "total_bytes") = static_cast<int64_t>(total);
  });
}

esp_status esp_allocate_pinned(int64_t context, int64_t bytes, int64_t* address) {
  return in_context(context, [&](Context& self) {
    int64_t& result = required(address, "address");
    result = self.allocate_pinned(bytes);
  });
}

esp_status esp_release_pinned(int64_t context, int64_t address) {
  return in_context(context, [&](Context& self) { self.release_pinned(address); });
}

esp_status esp_write(int64_t context, int64_t address, const void* source, int64_t bytes) {
  return in_context(context, [&](Context& self) {
    if (bytes > 0) required(static_cast<const char*>(source), "source");
    self.write(address, source, bytes);
  });
}

esp_status esp_read(int64_t context, int64_t address, void* target, int64_t bytes) {
  return in_context(context, [&](Context& self) {
    if (bytes > 0) required(static_cast<char*>(target), "target");
    self.read(address, target, bytes);
  });
}

esp_status esp_submit(int64_t context, const esp_submission* submission, int64_t wait_for, int64_t* ticket) {
  return in_context(context, [&](Context& self) {
    self.submit(required(submission, "submission"), wait_for, &required(ticket, "ticket"));
  });
}

esp_status esp_wait(int64_t context, int64_t ticket) {
  return in_context(context, [&](Context& self) { self.wait(ticket); });
}

esp_status esp_set_checking(int64_t context, int32_t on) {
  return in_context(context, [&](Context& self) { self.set_checking(on != 0); });
}

esp_status esp_read_counters(int64_t context, esp_counters* counters) {
  return in_context(context, [&](Context& self) { required(counters, "counters") = self.counters(); });
}

esp_status esp_time(int64_t context, const esp_submission* submission, int32_t repeats, double* seconds) {
  return in_context(context, [&](Context& self) {
    required(seconds, "seconds") = self.time(required(submission, "submission"), repeats);
  });
}

esp_status esp_set_schedule(int64_t context, int64_t seed) {
  return in_context(context, [&](Context&) { simt::set_schedule(static_cast<uint64_t>(seed)); });
}

int64_t esp_slab_words(int64_t rows, int64_t columns) { return espalier::slab_words(rows, columns); }
