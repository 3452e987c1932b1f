/* SPDX-License-Identifier: Apache-2.0 */
// Streams and launches of the emulator. Work is done while it is enqueued, or kept while its stream is recorded.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "simt/vectors_emulated.h"

namespace simt {

using Work = std::function<void()>;

struct StreamState {
  std::unique_ptr<std::vector<Work>> recording;  // while the stream is recorded
};
using Stream = StreamState*;

/** Does the work now, or adds it to the recording of the stream. Null is a stream that is never recorded. */
void enqueue(Stream stream, Work work);

/** One launch of a kernel: `body` is called once by every thread. */
struct Launch {
  const char* kernel;
  dim3 grid;
  dim3 block;
  size_t shared_bytes;
  Work body;
};

/** Runs all blocks of a launch, one after the other. What CUDA refuses or leaves undefined aborts with a sentence. */
void run(const Launch& launch);

// Arguments become parameters at the launch, as they do in CUDA: what a recording holds does not change afterwards.
template <class... Parameters, class... Arguments>
void launch_kernel(const char* name, void (*kernel)(Parameters...), dim3 grid, dim3 block, size_t shared_bytes,
                   Stream stream, Arguments&&... arguments) {
  std::tuple<Parameters...> parameters(std::forward<Arguments>(arguments)...);
  Launch launch{name, grid, block, shared_bytes, [kernel, parameters] { std::apply(kernel, parameters); }};
  enqueue(stream, [launch] { run(launch); });
}

}  // namespace simt

#define SIMT_LAUNCH(kernel, grid, block, shared_bytes, stream, ...) \
  ::simt::launch_kernel(#kernel, kernel, (grid), (block), (shared_bytes), (stream), __VA_ARGS__)
