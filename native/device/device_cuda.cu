/* SPDX-License-Identifier: Apache-2.0 */
// The device interface on the CUDA runtime. Host code only: it is a .cu file so that nvcc gives Stream its CUDA type.
#include <memory>

#include "base/error.h"
#include "device/device.h"

namespace espalier::device {
namespace {

constexpr int LEAST_MAJOR = 8;  // asynchronous copies to shared memory came with 8.0

std::string version(int number) { return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10); }

/** Whether an error leaves the process without a usable context: every later call would return it again. */
bool loses_context(cudaError_t error) {
  switch (error) {
    case cudaErrorIllegalAddress:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorHardwareStackError:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorExternalDevice:
    case cudaErrorContextIsDestroyed:
      return true;
    default:
      return false;
  }
}

[[noreturn]] void raise(cudaError_t error, const std::string& doing) {
  cudaGetLastError();  // an error that can be got over must not be found again by the next launch
  const std::string text = cudaGetErrorString(error);
  if (loses_context(error)) {
    throw Error(ESP_DEVICE_FAULT, "The GPU faulted (" + text + "), as was noticed while " + doing +
                                      "; its context is lost.");
  }
  if (error == cudaErrorMemoryAllocation) {
    throw Error(ESP_OUT_OF_MEMORY, "The GPU ran out of memory while " + doing + ".");
  }
  throw Error(ESP_INTERNAL, "CUDA failed while " + doing + ": " + text + ".");
}

void check(cudaError_t error, const char* doing) {
  if (error != cudaSuccess) raise(error, doing);
}

cudaMemPool_t pool() {
  int device = 0;
  cudaMemPool_t pool = nullptr;
  check(cudaGetDevice(&device), "asking for the current device");
  check(cudaDeviceGetDefaultMemPool(&pool, device), "asking for the device's memory pool");
  return pool;
}

}  // namespace

int32_t count() {
  int devices = 0;
  const cudaError_t error = cudaGetDeviceCount(&devices);
  if (error == cudaSuccess && devices > 0) return devices;
  cudaGetLastError();
  int driver = 0;
  int runtime = 0;
  cudaDriverGetVersion(&driver);  // 0 when there is none
  cudaRuntimeGetVersion(&runtime);
  if (driver == 0) {
    throw Error(ESP_NO_DEVICE, "No NVIDIA driver was found on this machine; one for CUDA " + version(runtime) +
                                   " or newer is needed.");
  }
  if (error == cudaErrorInsufficientDriver) {
    throw Error(ESP_DRIVER_TOO_OLD, "The NVIDIA driver supports CUDA " + version(driver) +
                                        ", but this library was built with CUDA " + version(runtime) +
                                        ".");
  }
  if (error == cudaSuccess || error == cudaErrorNoDevice) {
    throw Error(ESP_NO_DEVICE, "The NVIDIA driver shows no GPU.");
  }
  throw Error(ESP_NO_DEVICE, std::string("No GPU can be used: ") + cudaGetErrorString(error) + ".");
}

esp_device_info info(int32_t device) {
  int before = 0;
  const int32_t devices = count();
  if (device < 0 || device >= devices) {
    throw Error(ESP_NO_DEVICE, "There is no device " + std::to_string(device) + ": the machine has " +
                                   std::to_string(devices) + ", numbered from 0.");
  }
  cudaDeviceProp properties;
  check(cudaGetDeviceProperties(&properties, device), "asking for a device's properties");
  esp_device_info info = {};
  std::string(properties.name).copy(info.name, sizeof(info.name) - 1);
  info.compute_major = properties.major;
  info.compute_minor = properties.minor;
  info.multiprocessors = properties.multiProcessorCount;
  check(cudaDriverGetVersion(&info.driver_version), "asking for the driver's version");
  check(cudaRuntimeGetVersion(&info.runtime_version), "asking for the runtime's version");
  check(cudaGetDevice(&before), "asking for the current device");
  check(cudaSetDevice(device), "selecting a device");
  size_t free_bytes = 0;
  size_t total_bytes = 0;
  const cudaError_t error = cudaMemGetInfo(&free_bytes, &total_bytes);
  cudaSetDevice(before);
  check(error, "asking for the free memory of a device");
  info.total_bytes = static_cast<int64_t>(total_bytes);
  info.free_bytes = static_cast<int64_t>(free_bytes);
  return info;
}

void select(int32_t device) {
  const cudaError_t error = cudaSetDevice(device);
  if (error != cudaSuccess) {
    cudaGetLastError();
    if (!loses_context(error)) info(device);  // throws if the driver or the number is the reason
    raise(error, "selecting device " + std::to_string(device));
  }
  int major = 0;
  check(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device), "asking for compute capability");
  if (major < LEAST_MAJOR) {
    const esp_device_info old = info(device);
    throw Error(ESP_DEVICE_TOO_OLD, std::string("The GPU ") + old.name + " has compute capability " +
                                        std::to_string(old.compute_major) + "." + std::to_string(old.compute_minor) +
                                        ", but at least " + std::to_string(LEAST_MAJOR) +
                                        ".0 is needed.");
  }
}

Stream create_stream() {
  // Memory that was given back stays with the pool, so that allocating it again costs next to nothing.
  uint64_t threshold = UINT64_MAX;
  check(cudaMemPoolSetAttribute(pool(), cudaMemPoolAttrReleaseThreshold, &threshold), "setting up the memory pool");
  Stream stream = nullptr;
  check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "creating a stream");
  return stream;
}

void destroy_stream(Stream stream) {
  cudaStreamDestroy(stream);
  int device = 0;
  cudaMemPool_t unused = nullptr;
  if (cudaGetDevice(&device) == cudaSuccess && cudaDeviceGetDefaultMemPool(&unused, device) == cudaSuccess) {
    cudaMemPoolTrimTo(unused, 0);
  }
  cudaGetLastError();
}

void wait(Stream stream) { check(cudaStreamSynchronize(stream), "waiting for its work"); }

void order(Stream earlier, Stream later) {
  cudaEvent_t event = nullptr;
  check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming), "creating an event");
  cudaError_t error = cudaEventRecord(event, earlier);
  if (error == cudaSuccess) error = cudaStreamWaitEvent(later, event, 0);
  cudaEventDestroy(event);  // takes effect when the event is over
  check(error, "ordering two streams");
}

void* allocate(Stream stream, size_t bytes) {
  void* address = nullptr;
  cudaError_t error = cudaMallocAsync(&address, bytes, stream);
  if (error == cudaErrorMemoryAllocation) {
    // Once more, with what pending work gives back and what the pool holds in pieces that are too small.
    cudaGetLastError();
    wait(stream);
    cudaMemPoolTrimTo(pool(), 0);
    error = cudaMallocAsync(&address, bytes, stream);
  }
  if (error == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    size_t free_bytes = 0;
    size_t total_bytes = 0;
    memory(&free_bytes, &total_bytes);
    throw Error(ESP_OUT_OF_MEMORY, "The GPU is out of memory: " + std::to_string(bytes) + " bytes were asked for and " +
                                       std::to_string(free_bytes) + " of " + std::to_string(total_bytes) +
                                       " are free.");
  }
  check(error, "allocating memory");
  return address;
}

void release(Stream stream, void* address) {
  if (cudaFreeAsync(address, stream) != cudaSuccess) cudaGetLastError();
}

void memory(size_t* free_bytes, size_t* total_bytes) {
  check(cudaMemGetInfo(free_bytes, total_bytes), "asking for the free memory");
  uint64_t reserved = 0;
  uint64_t used = 0;
  check(cudaMemPoolGetAttribute(pool(), cudaMemPoolAttrReservedMemCurrent, &reserved), "asking for the pool's memory");
  check(cudaMemPoolGetAttribute(pool(), cudaMemPoolAttrUsedMemCurrent, &used), "asking for the pool's memory");
  *free_bytes += reserved - used;
}

void* allocate_pinned(size_t bytes) {
  void* address = nullptr;
  const cudaError_t error = cudaHostAlloc(&address, bytes, cudaHostAllocDefault);
  if (error == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    throw Error(ESP_OUT_OF_MEMORY, "The machine could not page-lock " + std::to_string(bytes) +
                                       " bytes of host memory: free some, or use a smaller batch.");
  }
  check(error, "page-locking host memory");
  return address;
}

void release_pinned(void* address) {
  if (cudaFreeHost(address) != cudaSuccess) cudaGetLastError();
}

void zero(Stream stream, void* target, size_t bytes) {
  check(cudaMemsetAsync(target, 0, bytes, stream), "zeroing memory");
}

void copy(Stream stream, void* target, const void* source, size_t bytes) {
  check(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToDevice, stream), "copying on the device");
}

void to_device(Stream stream, void* target, const void* source, size_t bytes) {
  check(cudaMemcpyAsync(target, source, bytes, cudaMemcpyHostToDevice, stream), "copying to the device");
}

void to_host(Stream stream, void* target, const void* source, size_t bytes) {
  check(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToHost, stream), "copying from the device");
}

struct Event::State {
  cudaEvent_t event;
};

Event::Event() : state_(nullptr) {
  auto state = std::make_unique<State>();
  check(cudaEventCreate(&state->event), "creating an event");
  state_ = state.release();
}

Event::~Event() {
  if (cudaEventDestroy(state_->event) != cudaSuccess) cudaGetLastError();
  delete state_;
}

void Event::record(Stream stream) { check(cudaEventRecord(state_->event, stream), "recording an event"); }

void Event::wait() { check(cudaEventSynchronize(state_->event), "waiting for its work"); }

double Event::seconds_since(const Event& earlier) const {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, earlier.state_->event, state_->event), "reading the time between events");
  return milliseconds * 1e-3;
}

struct Graph::State {
  cudaGraphExec_t executable;
};

void Graph::begin(Stream stream) {
  // Thread-local: calls that a recording does not allow are refused in this thread, others may go on allocating.
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "beginning to record a graph");
}

Graph* Graph::end(Stream stream) {
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream, &graph), "recording a graph");
  auto state = std::make_unique<State>();
  const cudaError_t error = cudaGraphInstantiate(&state->executable, graph, 0);
  cudaGraphDestroy(graph);
  check(error, "making a graph executable");
  return new Graph(state.release());
}

void Graph::abandon(Stream stream) {
  cudaGraph_t graph = nullptr;
  cudaStreamEndCapture(stream, &graph);
  if (graph) cudaGraphDestroy(graph);
  cudaGetLastError();
}

Graph::~Graph() {
  // One that still runs is freed when it is over.
  if (cudaGraphExecDestroy(state_->executable) != cudaSuccess) cudaGetLastError();
  delete state_;
}

void Graph::launch(Stream stream) { check(cudaGraphLaunch(state_->executable, stream), "launching a graph"); }

void check_launch(const std::string& what) {
  const cudaError_t error = cudaGetLastError();
  if (error == cudaSuccess) return;
  if (loses_context(error)) raise(error, "launching " + what);
  throw Error(ESP_LAUNCH_FAILED, what + " could not be launched: " + cudaGetErrorString(error) + ".");
}

}  // namespace espalier::device
