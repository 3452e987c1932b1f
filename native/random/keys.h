/* SPDX-License-Identifier: Apache-2.0 */
// Keyed random bits, bit for bit those of the engine's Keys and Dropout: every random choice is a hash of what it is
// about (key, index), never of which thread makes it. The mixers are the finalizers of SplitMix64 (Steele, Lea, Flood:
// Fast splittable pseudorandom number generators, OOPSLA 2014) and of MurmurHash3, both one to one.
#pragma once

#include <cstdint>

#include "simt/simt.h"

namespace espalier {

/** Scrambles 64 bits. */
__host__ __device__ inline uint64_t mix64(uint64_t z) {
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ z >> 27) * 0x94D049BB133111EBull;
  return z ^ z >> 31;
}

/** Scrambles 32 bits. */
__host__ __device__ inline uint32_t mix32(uint32_t h) {
  h = (h ^ h >> 16) * 0x85EBCA6Bu;
  h = (h ^ h >> 13) * 0xC2B2AE35u;
  return h ^ h >> 16;
}

/** 64 random bits for item `index` under `key`. */
__host__ __device__ inline uint64_t hash(uint64_t key, uint64_t index) {
  return mix64(key + 0x9E3779B97F4A7C15ull * (index + 1));
}

/** The seed of a tensor's row under the key of a dropout mask. */
__host__ __device__ inline uint32_t dropout_row_seed(uint64_t key, int32_t row) {
  return static_cast<uint32_t>(hash(key, static_cast<uint64_t>(row)) >> 32);
}

/** The 24 random bits of an element; it is kept if they reach the threshold. */
__host__ __device__ inline int32_t dropout_bits(uint32_t row_seed, int32_t position) {
  return static_cast<int32_t>(mix32(row_seed + static_cast<uint32_t>(position) * 0x9E3779B9u) >> 8);
}

}  // namespace espalier
