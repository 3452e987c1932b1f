/* SPDX-License-Identifier: Apache-2.0 */
// cuBLASLt without its headers: the few functions that are used, as its documentation declares them (the interface has been
// the same in CUDA 12 and 13). All objects of the library but its handle are plain memory that is made anew for each product,
// which costs microseconds when a graph is recorded and nothing when it runs.
#include "vendor/cublaslt.h"

#include <cuda_runtime.h>
#include <dlfcn.h>

#include <array>
#include <mutex>

#include "base/error.h"
#include "espalier.h"

namespace espalier::vendor {
namespace {

constexpr size_t WORKSPACE_BYTES = size_t{32} << 20;  // what the library's makers advise for Hopper

// Values of the library's enumerations.
constexpr int COMPUTE_32F = 68;
constexpr int COMPUTE_32F_FAST_TF32 = 77;
constexpr int TYPE_R_32F = 0;
constexpr int DESC_TRANSA = 3;
constexpr int DESC_TRANSB = 4;
constexpr int PREFERENCE_MAX_WORKSPACE = 1;
constexpr int STATUS_NOT_SUPPORTED = 15;

struct Algorithm {
  uint64_t data[8];
};

struct Heuristic {
  Algorithm algorithm;
  size_t workspace_bytes;
  int status;
  float waves;
  int reserved[4];
};

using Object = void*;  // handle, description, layout, preference

class Library {
 public:
  static const Library& get() {
    static const Library library;
    return library;
  }

  std::string missing;  // why it cannot be used; empty if it can

  int (*create)(Object*) = nullptr;
  int (*desc_create)(Object*, int, int) = nullptr;
  int (*desc_destroy)(Object) = nullptr;
  int (*desc_set)(Object, int, const void*, size_t) = nullptr;
  int (*layout_create)(Object*, int, uint64_t, uint64_t, int64_t) = nullptr;
  int (*layout_destroy)(Object) = nullptr;
  int (*preference_create)(Object*) = nullptr;
  int (*preference_destroy)(Object) = nullptr;
  int (*preference_set)(Object, int, const void*, size_t) = nullptr;
  int (*heuristic)(Object, Object, Object, Object, Object, Object, Object, int, Heuristic*, int*) = nullptr;
  int (*matmul)(Object, Object, const void*, const void*, Object, const void*, Object, const void*, const void*, Object, void*,
                Object, const Algorithm*, void*, size_t, device::Stream) = nullptr;

  /** The handle of the device that is current; made once and kept as long as the process lives. */
  Object handle() const {
    int device = 0;
    if (cudaGetDevice(&device) != cudaSuccess) throw Error(ESP_INTERNAL, "No device is current.");
    std::lock_guard<std::mutex> lock(mutex_);
    Object& handle = handles_.at(static_cast<size_t>(device));
    if (!handle && create(&handle) != 0) throw Error(ESP_INTERNAL, "cuBLASLt could not be started on this device.");
    return handle;
  }

 private:
  Library() {
    void* library = nullptr;
    for (const char* name : {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so"}) {
      if (!library) library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    }
    if (!library) {
      missing = "cuBLASLt was not found (libcublasLt.so.13 or .12): install the CUDA toolkit's cuBLAS, or put its folder into "
                "LD_LIBRARY_PATH.";
      return;
    }
    find(library, "cublasLtCreate", create);
    find(library, "cublasLtMatmulDescCreate", desc_create);
    find(library, "cublasLtMatmulDescDestroy", desc_destroy);
    find(library, "cublasLtMatmulDescSetAttribute", desc_set);
    find(library, "cublasLtMatrixLayoutCreate", layout_create);
    find(library, "cublasLtMatrixLayoutDestroy", layout_destroy);
    find(library, "cublasLtMatmulPreferenceCreate", preference_create);
    find(library, "cublasLtMatmulPreferenceDestroy", preference_destroy);
    find(library, "cublasLtMatmulPreferenceSetAttribute", preference_set);
    find(library, "cublasLtMatmulAlgoGetHeuristic", heuristic);
    find(library, "cublasLtMatmul", matmul);
  }

  template <class Function>
  void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (!function && missing.empty()) {
      missing = std::string("The cuBLASLt that was found has no function ") + name + "; version 12 or 13 is expected.";
    }
  }

  mutable std::mutex mutex_;
  mutable std::array<Object, 64> handles_{};
};

void check(int status, const char* what) {
  if (status == 0) return;
  if (status == STATUS_NOT_SUPPORTED) {
    throw Error(ESP_LAUNCH_FAILED, std::string("cuBLASLt does not support this product (") + what + ").");
  }
  throw Error(ESP_LAUNCH_FAILED, std::string("cuBLASLt failed with status ") + std::to_string(status) + " (" + what + ").");
}

/** An object of the library, destroyed with its scope. */
class Owned {
 public:
  explicit Owned(int (*destroy)(Object)) : destroy_(destroy) {}
  ~Owned() {
    if (object) destroy_(object);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  Object object = nullptr;

 private:
  int (*destroy_)(Object);
};

}  // namespace

std::string cublaslt_missing() { return Library::get().missing; }

void multiply(Workspace& workspace, const DenseProduct& p, Precision precision) {
  const Library& library = Library::get();
  if (!library.missing.empty()) throw Error(ESP_MISSING_LIBRARY, library.missing);
  const Object handle = library.handle();

  Owned description(library.desc_destroy);
  const int compute = precision == Precision::Tf32 ? COMPUTE_32F_FAST_TF32 : COMPUTE_32F;
  check(library.desc_create(&description.object, compute, TYPE_R_32F), "description");
  const int32_t transpose_a = p.a_transposed;
  const int32_t transpose_b = p.b_transposed;
  check(library.desc_set(description.object, DESC_TRANSA, &transpose_a, sizeof(transpose_a)), "transposition");
  check(library.desc_set(description.object, DESC_TRANSB, &transpose_b, sizeof(transpose_b)), "transposition");

  Owned a(library.layout_destroy);
  Owned b(library.layout_destroy);
  Owned c(library.layout_destroy);
  const auto size = [](int32_t value) { return static_cast<uint64_t>(value); };
  check(library.layout_create(&a.object, TYPE_R_32F, size(p.a_transposed ? p.k : p.m), size(p.a_transposed ? p.m : p.k), p.a_stride), "A");
  check(library.layout_create(&b.object, TYPE_R_32F, size(p.b_transposed ? p.n : p.k), size(p.b_transposed ? p.k : p.n), p.b_stride), "B");
  check(library.layout_create(&c.object, TYPE_R_32F, size(p.m), size(p.n), p.c_stride), "C");

  Owned preference(library.preference_destroy);
  check(library.preference_create(&preference.object), "preference");
  check(library.preference_set(preference.object, PREFERENCE_MAX_WORKSPACE, &WORKSPACE_BYTES, sizeof(WORKSPACE_BYTES)),
        "preference");
  Heuristic best{};
  int found = 0;
  check(library.heuristic(handle, description.object, a.object, b.object, c.object, c.object, preference.object, 1, &best, &found),
        "choice of an algorithm");
  if (found == 0) check(STATUS_NOT_SUPPORTED, "no algorithm");

  const float one = 1;
  const float zero = 0;
  check(library.matmul(handle, description.object, &one, p.a, a.object, p.b, b.object, &zero, p.c, c.object, p.c, c.object,
                       &best.algorithm, workspace.scratch(WORKSPACE_BYTES), WORKSPACE_BYTES, workspace.stream()),
        "product");
}

}  // namespace espalier::vendor
