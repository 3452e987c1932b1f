/* SPDX-License-Identifier: Apache-2.0 */
// The collectives of a warp. All lanes of the mask meet, each with a value, and each leaves with its result.
#pragma once

#include <cstdint>
#include <cstring>

namespace simt {

enum class Collective : int32_t { Sync, Shuffle, ShuffleXor, ShuffleUp, ShuffleDown, Ballot, Any, All, MatchAny };

/** Meets the other lanes of the mask. A shuffle gives the value of lane `source`, a vote or a match a mask of lanes. */
uint64_t meet(Collective operation, uint32_t mask, uint64_t value, int source);

/** Number of the calling thread in its warp. */
__attribute__((const)) int lane();

template <class T>
inline T shuffle(Collective operation, uint32_t mask, T value, int source) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "a shuffle moves 4 or 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof(T));
  bits = meet(operation, mask, bits, source);
  memcpy(&value, &bits, sizeof(T));
  return value;
}

}  // namespace simt

constexpr int warpSize = 32;

inline void __syncwarp(uint32_t mask = 0xffffffffu) { simt::meet(simt::Collective::Sync, mask, 0, 0); }

// A width of 16, 8, 4 or 2 splits the warp into groups that shuffle among themselves.

template <class T>
inline T __shfl_sync(uint32_t mask, T value, int source, int width = 32) {
  const int first = simt::lane() & ~(width - 1);
  return simt::shuffle(simt::Collective::Shuffle, mask, value, first | (source & (width - 1)));
}

template <class T>
inline T __shfl_xor_sync(uint32_t mask, T value, int bits, int width = 32) {
  const int own = simt::lane();
  const int source = own ^ bits;
  return simt::shuffle(simt::Collective::ShuffleXor, mask, value, source / width > own / width ? own : source);
}

template <class T>
inline T __shfl_up_sync(uint32_t mask, T value, unsigned distance, int width = 32) {
  const int own = simt::lane();
  const int source = own - static_cast<int>(distance);
  return simt::shuffle(simt::Collective::ShuffleUp, mask, value, source < (own & ~(width - 1)) ? own : source);
}

template <class T>
inline T __shfl_down_sync(uint32_t mask, T value, unsigned distance, int width = 32) {
  const int own = simt::lane();
  const int source = own + static_cast<int>(distance);
  return simt::shuffle(simt::Collective::ShuffleDown, mask, value, source > (own | (width - 1)) ? own : source);
}

inline uint32_t __ballot_sync(uint32_t mask, int predicate) {
  return static_cast<uint32_t>(simt::meet(simt::Collective::Ballot, mask, predicate != 0, 0));
}

inline int __any_sync(uint32_t mask, int predicate) {
  return simt::meet(simt::Collective::Any, mask, predicate != 0, 0) != 0;
}

inline int __all_sync(uint32_t mask, int predicate) {
  return simt::meet(simt::Collective::All, mask, predicate != 0, 0) == mask;
}

template <class T>
inline uint32_t __match_any_sync(uint32_t mask, T value) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "a match compares 4 or 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof(T));
  return static_cast<uint32_t>(simt::meet(simt::Collective::MatchAny, mask, bits, 0));
}
