/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>

#include "random/keys.h"

namespace espalier {

/**
 * A random permutation of [0, size) that needs no memory: an eight-round Feistel network on the next even power of two,
 * walked until the result falls inside the range. Bit for bit the engine's KeyedPermutation.
 *
 * The first k images are k distinct random numbers, each found by itself, which is how new connections are drawn. Round
 * keys are derived on the host; kernels take the permutation by value, so they are read from constant memory.
 */
class KeyedPermutation {
 public:
  /** @param size from 1 to 2^62 */
  KeyedPermutation(int64_t size, int64_t key) : size_(static_cast<uint64_t>(size)) {
    int bits = 1;
    while ((size_ - 1) >> bits) ++bits;
    half_bits_ = (bits + 1) / 2;
    for (int round = 0; round < ROUNDS; ++round) {
      round_keys_[round] = hash(static_cast<uint64_t>(key), static_cast<uint64_t>(round));
    }
  }

  /** The image of an index, both in [0, size). The network has less than four times as many elements as there are, so a
      walk takes less than four steps on average. */
  __host__ __device__ int64_t apply(int64_t index) const {
    uint64_t image = static_cast<uint64_t>(index);
    do {
      image = scramble(image);
    } while (image >= size_);
    return static_cast<int64_t>(image);
  }

 private:
  static constexpr int ROUNDS = 8;

  __host__ __device__ uint64_t scramble(uint64_t block) const {
    const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
    uint64_t left = block >> half_bits_;
    uint64_t right = block & mask;
    for (int round = 0; round < ROUNDS; ++round) {
      const uint64_t next = left ^ (mix64(round_keys_[round] + right) & mask);
      left = right;
      right = next;
    }
    return left << half_bits_ | right;
  }

  uint64_t size_;
  int32_t half_bits_;
  uint64_t round_keys_[ROUNDS];
};

}  // namespace espalier
