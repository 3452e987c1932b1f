/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"

namespace espalier {

/** The direction in which elements of an operand are neighbours in memory: along the sum, or a side of the result. */
enum class Along { Depth, Side };

/** A factor of a dense product. Element (s, k), for side s of the result and term k of its sum, stands at
    data[s * stride + k] along the depth, and at data[k * stride + s] along the side. Any alignment will do. */
template <Along kAlong>
struct Operand {
  const float* data;
  int32_t stride;
  int32_t sides;
};

/**
 * One thread's share in bringing tiles of an operand, kSide x kDepth elements, to shared memory: it fetches a tile to
 * registers early, so that the loads travel while the tile before is multiplied, and puts it down when that is done.
 *
 * In shared memory the tile stands term by term: rows of kPitch floats hold the sides, whichever way they came.
 * Elements beyond the operand are 0. Single loads: neighbouring lanes read neighbouring elements, and each element is
 * used tens of times once it is there, so wider loads, which need alignment, could save few instructions.
 */
template <Along kAlong, int kSide, int kDepth, int kThreads>
class TileLoader {
 public:
  static constexpr int kPitch = kSide + 4;  // rows on 16 bytes; steps from one to the next by 4 banks
  static constexpr int kFloats = kPitch * kDepth;

  /** A loader that starts with the tile from a side and a term on. */
  __device__ TileLoader(const Operand<kAlong>& operand, int64_t first_side, int32_t first_term)
      : stride_(operand.stride), sides_left_(static_cast<int32_t>(operand.sides - first_side - side(0))) {
    const int64_t s = first_side + side(0);
    const int64_t k = first_term + term(0);
    next_ = operand.data + (kAlong == Along::Depth ? s * stride_ + k : k * stride_ + s);
  }

  /** Reads this tile, of which `terms` terms count, and moves on to the next one. */
  __device__ __forceinline__ void fetch(int32_t terms) {
#pragma unroll
    for (int e = 0; e < kCount; ++e) {
      const bool inside = side(e) - side(0) < sides_left_ && term(e) < terms;
      value_[e] = inside ? next_[static_cast<int64_t>(e * kAcross) * stride_] : 0.0f;
    }
    next_ += kAlong == Along::Depth ? kDepth : static_cast<int64_t>(kDepth) * stride_;
  }

  __device__ __forceinline__ void put(float* tile) const {
#pragma unroll
    for (int e = 0; e < kCount; ++e) tile[term(e) * kPitch + side(e)] = value_[e];
  }

 private:
  static constexpr int kLine = kAlong == Along::Depth ? kDepth : kSide;  // elements in a row in memory
  static constexpr int kAcross = kThreads / kLine;  // lines that all threads together fetch at once
  static constexpr int kCount = kSide * kDepth / kThreads;
  static_assert(kAcross * kLine == kThreads && kCount * kThreads == kSide * kDepth, "whole lines, dealt out evenly");

  // The place in the tile of this thread's element e.
  static __device__ __forceinline__ int along(int) { return threadIdx.x % kLine; }
  static __device__ __forceinline__ int across(int e) { return threadIdx.x / kLine + e * kAcross; }
  static __device__ __forceinline__ int side(int e) { return kAlong == Along::Depth ? across(e) : along(e); }
  static __device__ __forceinline__ int term(int e) { return kAlong == Along::Depth ? along(e) : across(e); }

  const float* next_;  // this thread's element 0 of the tile to fetch
  int32_t stride_;
  int32_t sides_left_;
  float value_[kCount];
};

}  // namespace espalier
