/* SPDX-License-Identifier: Apache-2.0 */
#include "loss/loss.h"

#include <cfloat>
#include <cmath>

namespace espalier {
namespace {

/*
 * A block owns 32 positions, a lane of each warp one of them, so that a warp reads and writes 128 bytes in a row. Its
 * warps deal the classes out: warp w takes classes w, w + 16, ... What they find is put together in the order of the
 * warps, so the order of every sum depends on the number of classes only. The outputs are read once for every pass over
 * them, all but the first time from the caches.
 */
constexpr int kWarps = 16;
constexpr int kLanes = 32;

/** Where a thread stands. */
struct Place {
  int lane;
  int warp;
  int64_t position;
  bool live;  // the position exists; the others only keep the barriers company

  __device__ explicit Place(int32_t positions)
      : lane(threadIdx.x),
        warp(threadIdx.y),
        position(static_cast<int64_t>(blockIdx.x) * kLanes + threadIdx.x),
        live(position < positions) {}
};

/** Adds what the warps found for a position; every thread gets the sum. */
__device__ float add_warps(const Place& place, float value, float* shared) {
  shared[place.warp * kLanes + place.lane] = value;
  __syncthreads();
  float sum = 0;
  for (int warp = 0; warp < kWarps; ++warp) sum += shared[warp * kLanes + place.lane];
  __syncthreads();  // the next sum uses the same memory
  return sum;
}

struct Largest {
  float value;
  int32_t index;
};

/** The first of the largest outputs of a position. NaN is larger than nothing; but as the first output, which every
    search starts with, it stays, as in a search one by one. */
__device__ Largest find_largest(const Place& place, const ConstRows& outputs, float* shared_value,
                                int32_t* shared_index) {
  Largest best{0, 0};
  if (place.live) {
    best.value = outputs.row(0)[place.position];
    for (int32_t c = place.warp; c < outputs.rows; c += kWarps) {
      const float value = outputs.row(c)[place.position];
      if (value > best.value) best = {value, c};
    }
  }
  shared_value[place.warp * kLanes + place.lane] = best.value;
  shared_index[place.warp * kLanes + place.lane] = best.index;
  __syncthreads();
  for (int warp = 0; warp < kWarps; ++warp) {
    const float value = shared_value[warp * kLanes + place.lane];
    const int32_t index = shared_index[warp * kLanes + place.lane];
    if (value > best.value || (value == best.value && index < best.index)) best = {value, index};
  }
  __syncthreads();  // the sums use the same memory
  return best;
}

/** Writes the outcome of a position, once; a loss that is not finite halts the updates, if `halted` is not null. */
__device__ void report(const Place& place, float loss, bool right, const Rows& outcome, int32_t* halted) {
  if (!place.live || place.warp != 0) return;
  outcome.row(0)[place.position] = loss;
  outcome.row(1)[place.position] = right ? 1.0f : 0.0f;
  if (halted && !(fabsf(loss) <= FLT_MAX)) atomicExch(halted, 1);
}

__global__ void cross_entropy_kernel(ConstRows logits, const int32_t* labels, float smoothing, float gradient_scale,
                                     Rows gradient, Rows outcome, int32_t* halted) {
  SIMT_SHARED(float, shared, kWarps * kLanes);
  SIMT_SHARED(int32_t, shared_index, kWarps * kLanes);
  const Place place(logits.positions);
  const Largest largest = find_largest(place, logits, shared, shared_index);

  // log of the sum of exp, less the largest logit: exp can neither overflow nor all vanish
  float sum = 0;
  if (place.live) {
    for (int32_t c = place.warp; c < logits.rows; c += kWarps) {
      sum += expf(logits.row(c)[place.position] - largest.value);
    }
  }
  const float log_sum = logf(add_warps(place, sum, shared));

  const int32_t label = place.live ? labels[place.position] : 0;
  const float floor = smoothing / static_cast<float>(logits.rows);
  float loss = 0;
  if (place.live) {
    for (int32_t c = place.warp; c < logits.rows; c += kWarps) {
      const float target = c == label ? (1.0f - smoothing) + floor : floor;
      const float log_probability = (logits.row(c)[place.position] - largest.value) - log_sum;
      loss = fmaf(-target, log_probability, loss);
      if (gradient.data) gradient.row(c)[place.position] = gradient_scale * (expf(log_probability) - target);
    }
  }
  loss = add_warps(place, loss, shared);
  report(place, loss, largest.index == label, outcome, halted);
}

__global__ void squared_error_kernel(ConstRows outputs, const int32_t* labels, float factor, Rows gradient,
                                     Rows outcome, int32_t* halted) {
  SIMT_SHARED(float, shared, kWarps * kLanes);
  SIMT_SHARED(int32_t, shared_index, kWarps * kLanes);
  const Place place(outputs.positions);
  const Largest largest = find_largest(place, outputs, shared, shared_index);
  const int32_t label = place.live ? labels[place.position] : 0;
  float loss = 0;
  if (place.live) {
    for (int32_t c = place.warp; c < outputs.rows; c += kWarps) {
      const float error = outputs.row(c)[place.position] - (c == label ? 1.0f : 0.0f);
      loss = fmaf(error, error, loss);
      if (gradient.data) gradient.row(c)[place.position] = factor * error;
    }
  }
  loss = add_warps(place, loss, shared) / static_cast<float>(outputs.rows);
  report(place, loss, largest.index == label, outcome, halted);
}

dim3 grid_for(int32_t positions) { return dim3((static_cast<uint32_t>(positions) + kLanes - 1) / kLanes); }

}  // namespace

void cross_entropy(Workspace& workspace, ConstRows logits, const int32_t* labels, float smoothing, float gradient_scale,
                   Rows gradient, Rows outcome) {
  if (logits.rows == 0 || logits.positions == 0) return;
  SIMT_LAUNCH(cross_entropy_kernel, grid_for(logits.positions), dim3(kLanes, kWarps), 0, workspace.stream(), logits,
              labels, smoothing, gradient_scale, gradient, outcome, gradient.data ? workspace.halted() : nullptr);
}

void squared_error(Workspace& workspace, ConstRows outputs, const int32_t* labels, float gradient_scale, Rows gradient,
                   Rows outcome) {
  if (outputs.rows == 0 || outputs.positions == 0) return;
  const float factor = static_cast<float>(gradient_scale * 2.0 / outputs.rows);
  SIMT_LAUNCH(squared_error_kernel, grid_for(outputs.positions), dim3(kLanes, kWarps), 0, workspace.stream(), outputs,
              labels, factor, gradient, outcome, gradient.data ? workspace.halted() : nullptr);
}

}  // namespace espalier
