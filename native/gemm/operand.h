/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"

namespace espalier {

/** The direction in which elements of an operand are neighbours in memory: along the sum, or along a side of the result. */
enum class Along { Depth, Side };

/** A factor of a dense product: element (s, k), for side s of the result and term k of its sum, stands at data[s * stride + k]
    along the depth, and at data[k * stride + s] along the side. Nothing is known of its alignment. */
template <Along kAlong>
struct Operand {
  const float* data;
  size_t stride;
  int32_t sides;
};

/**
 * One thread's share in bringing tiles of an operand, kSide x kDepth elements, to shared memory: it fetches a tile to
 * registers early, so that the loads travel while the tile before is multiplied, and puts it down when that is done.
 *
 * In shared memory the tile stands term by term: rows of kPitch floats hold the sides, whichever way they came. Elements
 * beyond the operand are 0. Single loads: neighbouring lanes read neighbouring elements, and each element is used tens of
 * times once it is there, so wider loads, which need alignment, could save few instructions.
 */
template <Along kAlong, int kSide, int kDepth, int kThreads>
class TileLoader {
 public:
  static constexpr int kPitch = kSide + 4;  // rows on 16 bytes; steps from one to the next by 4 banks
  static constexpr int kFloats = kPitch * kDepth;

  __device__ TileLoader(const Operand<kAlong>& operand, int64_t first_side)
      : operand_(operand), first_side_(first_side) {}

  /** Reads terms [first, first + kDepth), as far as they are below `end`. */
  __device__ __forceinline__ void fetch(int32_t first, int32_t end) {
#pragma unroll
    for (int e = 0; e < kCount; ++e) {
      const int64_t s = first_side_ + side(e);
      const int32_t k = first + term(e);
      value_[e] = 0;
      if (s < operand_.sides && k < end) {
        value_[e] = kAlong == Along::Depth ? operand_.data[static_cast<size_t>(s) * operand_.stride + k]
                                           : operand_.data[static_cast<size_t>(k) * operand_.stride + s];
      }
    }
  }

  __device__ __forceinline__ void put(float* tile) const {
#pragma unroll
    for (int e = 0; e < kCount; ++e) tile[term(e) * kPitch + side(e)] = value_[e];
  }

 private:
  static constexpr int kLine = kAlong == Along::Depth ? kDepth : kSide;  // elements in a row in memory
  static constexpr int kCount = kSide * kDepth / kThreads;
  static_assert(kThreads % kLine == 0 && kCount * kThreads == kSide * kDepth, "whole lines, dealt out evenly");

  // The place in the tile of this thread's element e.
  static __device__ __forceinline__ int along(int) { return threadIdx.x % kLine; }
  static __device__ __forceinline__ int across(int e) { return threadIdx.x / kLine + e * (kThreads / kLine); }
  static __device__ __forceinline__ int side(int e) { return kAlong == Along::Depth ? across(e) : along(e); }
  static __device__ __forceinline__ int term(int e) { return kAlong == Along::Depth ? along(e) : across(e); }

  Operand<kAlong> operand_;
  int64_t first_side_;
  float value_[kCount];
};

}  // namespace espalier
