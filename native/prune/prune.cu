/* SPDX-License-Identifier: Apache-2.0 */
// Pruning without sorting: a radix select finds the magnitude of the last value to go, of either sign, in three passes
// over the values (11 + 10 + 10 of the 31 bits of a magnitude, which order like the magnitudes themselves). What a pass
// found stays in device memory, so the host never waits. Then everything nearer to zero goes, and of the values equal
// to the last one the first in canonical order.
//
// Bytes: the values are read five times (three histograms, ties, flags) and the flags written once, 24 bytes for each
// entry; a layer of a million entries stays in the second-level cache after the first pass. Memory: 16 KB of histograms
// and 16 bytes for every 256 entries.
#include "prune/prune.h"

#include <cmath>
#include <string>

#include "base/error.h"
#include "collect/collect.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;
constexpr uint32_t WHOLE_WARP = 0xffffffffu;

constexpr int FIRST_BITS = 11;  // digits of a magnitude, from the highest
constexpr int NEXT_BITS = 10;

/** Entries whose ties one warp counts; a count must fit in 16 bits. */
constexpr int32_t CHUNK = 256;

/** What is known of the last value to go of one sign. */
struct Last {
  uint32_t prefix;    // the highest bits of its magnitude; all of them in the end
  int32_t remaining;  // how many of the values with these bits go
  int32_t wanted;     // how many go in all
};

struct Key {
  uint32_t magnitude;
  int32_t sign;  // 0, or 1 for negative

  /** Zeros of both signs and NaN count as positive; NaN is larger than all numbers. */
  __device__ explicit Key(float value) {
    const uint32_t bits = __float_as_uint(value);
    magnitude = bits & 0x7fffffffu;
    sign = magnitude == 0 || magnitude > 0x7f800000u ? 0 : static_cast<int32_t>(bits >> 31);
  }
};

/** Counts the digit of BITS bits above SHIFT of the values whose higher bits are known to be those of the last one to
    go; positive values in the first half of the histogram. Every block counts in its shared memory (16 or 8 KB) and
    adds what it found to the whole; integer sums do not depend on the order. */
template <int SHIFT, int BITS>
__global__ void __launch_bounds__(THREADS)
    count_digits(const float* values, int32_t nnz, const Last* last, uint32_t* histogram) {
  constexpr uint32_t BINS = 2u << BITS;
  SIMT_SHARED(uint32_t, bins, BINS);
  for (uint32_t bin = threadIdx.x; bin < BINS; bin += THREADS) bins[bin] = 0;
  __syncthreads();
  const uint32_t prefixes[2] = {last[0].prefix, last[1].prefix};
  const size_t step = static_cast<size_t>(gridDim.x) * THREADS;
  for (size_t k = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x; k < static_cast<size_t>(nnz); k += step) {
    const Key key(values[k]);
    if (key.magnitude >> (SHIFT + BITS) == (key.sign ? prefixes[1] : prefixes[0])) {
      const uint32_t digit = key.magnitude >> SHIFT & ((1u << BITS) - 1);
      atomicAdd(&bins[static_cast<uint32_t>(key.sign) << BITS | digit], 1u);
    }
  }
  __syncthreads();
  for (uint32_t bin = threadIdx.x; bin < BINS; bin += THREADS) {
    if (bins[bin] != 0) atomicAdd(&histogram[bin], bins[bin]);
  }
}

/** The number of values before those of each thread, when every thread has `own`. For a block of THREADS threads. */
__device__ int32_t before_thread(int32_t own) {
  SIMT_SHARED(int32_t, warp_sums, THREADS / 32);
  const int32_t lane = static_cast<int32_t>(threadIdx.x % 32);
  const int32_t warp = static_cast<int32_t>(threadIdx.x / 32);
  int32_t sum = own;
  for (int32_t distance = 1; distance < 32; distance *= 2) {
    const int32_t lower = __shfl_up_sync(WHOLE_WARP, sum, static_cast<unsigned>(distance));
    if (lane >= distance) sum += lower;
  }
  if (lane == 31) warp_sums[warp] = sum;
  __syncthreads();
  for (int32_t w = 0; w < warp; ++w) sum += warp_sums[w];
  return sum - own;
}

/** Finds the next digit of the last value to go, and how many values with it go. Block 0 does so for positive, block 1
    for negative values; a thread owns neighbouring bins, and leaves them empty for the next pass. The first pass (BITS
    is FIRST_BITS) sees all values, so it finds out how many there are and how many of them are to go. */
template <int BITS>
__global__ void __launch_bounds__(THREADS) pick_digit(double fraction, uint32_t* histogram, Last* last) {
  constexpr int32_t OWN = (1 << BITS) / THREADS;
  SIMT_SHARED(int32_t, values_of_sign, 1);
  Last& mine = last[blockIdx.x];
  const Last known = mine;
  uint32_t* bins = histogram + (static_cast<size_t>(blockIdx.x) << BITS) + static_cast<size_t>(threadIdx.x) * OWN;
  int32_t counts[OWN];
  int32_t own = 0;
  for (int32_t i = 0; i < OWN; ++i) {
    counts[i] = static_cast<int32_t>(bins[i]);
    own += counts[i];
    bins[i] = 0;
  }
  int32_t before = before_thread(own);
  if (threadIdx.x == THREADS - 1) values_of_sign[0] = before + own;
  __syncthreads();
  int32_t wanted = known.wanted;
  int32_t remaining = known.remaining;
  if (BITS == FIRST_BITS) {
    wanted = static_cast<int32_t>(floor(fraction * static_cast<double>(values_of_sign[0])));
    remaining = wanted;
  }
  // in one thread, unless none is to go: then magnitude 0 stays the last one, and none of the values equal to it goes
  if (remaining <= before || remaining > before + own) return;
  int32_t digit = 0;
  bool found = false;
  for (int32_t i = 0; i < OWN; ++i) {  // without a break: the counts stay in registers
    found = found || remaining <= before + counts[i];
    if (!found) {
      before += counts[i];
      ++digit;
    }
  }
  digit += static_cast<int32_t>(threadIdx.x) * OWN;
  mine = {known.prefix << BITS | static_cast<uint32_t>(digit), remaining - before, wanted};
}

/** Counts the values equal to the last one to go, of either sign, in each chunk of entries. A warp owns a chunk; ties
    holds the positive counts of all chunks, then the negative ones. */
__global__ void __launch_bounds__(THREADS)
    count_ties(const float* values, int32_t nnz, const Last* last, int32_t chunks, int32_t* ties) {
  const int32_t chunk = static_cast<int32_t>((blockIdx.x * THREADS + threadIdx.x) / 32);
  const int32_t lane = static_cast<int32_t>(threadIdx.x % 32);
  if (chunk >= chunks) return;
  const size_t first = static_cast<size_t>(chunk) * CHUNK;
  int32_t counts = 0;  // of both signs, 16 bits for each
  for (int32_t i = lane; i < CHUNK; i += 32) {
    if (first + i >= static_cast<size_t>(nnz)) break;
    const Key key(values[first + i]);
    if (key.magnitude == last[key.sign].prefix) counts += 1 << 16 * key.sign;
  }
  for (int32_t distance = 16; distance > 0; distance /= 2) counts += __shfl_xor_sync(WHOLE_WARP, counts, distance);
  if (lane < 2) ties[static_cast<size_t>(lane) * chunks + chunk] = counts >> 16 * lane & 0xffff;
}

/** Writes the flags. A warp owns a chunk and knows how many ties come before it: before_chunk holds the prefix sums of
    what count_ties found. */
__global__ void __launch_bounds__(THREADS) mark(const float* values, int32_t nnz, const Last* last, int32_t chunks,
                                                const int32_t* before_chunk, int32_t* keep, int64_t* pruned) {
  const int32_t chunk = static_cast<int32_t>((blockIdx.x * THREADS + threadIdx.x) / 32);
  const int32_t lane = static_cast<int32_t>(threadIdx.x % 32);
  if (chunk >= chunks) return;
  if (chunk == 0 && lane == 0) *pruned = static_cast<int64_t>(last[0].wanted) + last[1].wanted;
  const size_t first = static_cast<size_t>(chunk) * CHUNK;
  const uint32_t lower_lanes = (1u << lane) - 1;
  int32_t positive = before_chunk[chunk];  // ties before the next 32 entries
  int32_t negative = before_chunk[static_cast<size_t>(chunks) + chunk] - before_chunk[chunks];
  const Last last_positive = last[0];
  const Last last_negative = last[1];
  for (int32_t i = 0; i < CHUNK && first + i < static_cast<size_t>(nnz); i += 32) {
    const size_t k = first + i + lane;
    const bool inside = k < static_cast<size_t>(nnz);
    const Key key(inside ? values[k] : 0.0f);
    const Last& other = key.sign ? last_negative : last_positive;
    const bool tie = inside && key.magnitude == other.prefix;
    const uint32_t positive_ties = __ballot_sync(WHOLE_WARP, tie && key.sign == 0);
    const uint32_t negative_ties = __ballot_sync(WHOLE_WARP, tie && key.sign == 1);
    const int32_t rank =
        key.sign ? negative + __popc(negative_ties & lower_lanes) : positive + __popc(positive_ties & lower_lanes);
    if (inside) keep[k] = tie ? rank >= other.remaining : key.magnitude > other.prefix;
    positive += __popc(positive_ties);
    negative += __popc(negative_ties);
  }
}

/** Adds up flags: a few for every thread, a warp by shuffles, warps by integer atomics on the low word of the sum,
    which is less than 2^31. */
__global__ void __launch_bounds__(THREADS) sum_flags(const int32_t* keep, int32_t nnz, uint32_t* low_word) {
  uint32_t sum = 0;
  const size_t step = static_cast<size_t>(gridDim.x) * THREADS;
  for (size_t k = static_cast<size_t>(blockIdx.x) * THREADS + threadIdx.x; k < static_cast<size_t>(nnz); k += step) {
    sum += static_cast<uint32_t>(keep[k]);
  }
  for (int32_t distance = 16; distance > 0; distance /= 2) sum += __shfl_xor_sync(WHOLE_WARP, sum, distance);
  if (threadIdx.x % 32 == 0 && sum != 0) atomicAdd(low_word, sum);
}

/** Blocks for a pass in which every thread has 16 entries, unless there are very many: enough to fill a device. */
unsigned blocks_for(int32_t nnz) {
  const int64_t wanted = (static_cast<int64_t>(nnz) + 16 * THREADS - 1) / (16 * THREADS);
  return static_cast<unsigned>(wanted < 1024 ? wanted : 1024);
}

}  // namespace

void prune_signwise(Workspace& workspace, const float* values, int32_t nnz, double fraction, int32_t* keep,
                    int64_t* pruned) {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw Error(ESP_BAD_ARGUMENT, "The fraction to prune is " + std::to_string(fraction) + ", not in [0, 1].");
  }
  const device::Stream stream = workspace.stream();
  if (nnz == 0) {
    device::zero(stream, pruned, sizeof(int64_t));
    return;
  }
  constexpr size_t BINS = size_t{2} << FIRST_BITS;
  const device::Scratch selection(stream, 2 * sizeof(Last) + BINS * sizeof(uint32_t));
  device::zero(stream, selection.as<void>(), 2 * sizeof(Last) + BINS * sizeof(uint32_t));
  Last* last = selection.as<Last>();
  uint32_t* histogram = reinterpret_cast<uint32_t*>(last + 2);
  const unsigned blocks = blocks_for(nnz);
  SIMT_LAUNCH((count_digits<2 * NEXT_BITS, FIRST_BITS>), blocks, THREADS, 0, stream, values, nnz, last, histogram);
  SIMT_LAUNCH(pick_digit<FIRST_BITS>, 2, THREADS, 0, stream, fraction, histogram, last);
  SIMT_LAUNCH((count_digits<NEXT_BITS, NEXT_BITS>), blocks, THREADS, 0, stream, values, nnz, last, histogram);
  SIMT_LAUNCH(pick_digit<NEXT_BITS>, 2, THREADS, 0, stream, fraction, histogram, last);
  SIMT_LAUNCH((count_digits<0, NEXT_BITS>), blocks, THREADS, 0, stream, values, nnz, last, histogram);
  SIMT_LAUNCH(pick_digit<NEXT_BITS>, 2, THREADS, 0, stream, fraction, histogram, last);

  const int32_t chunks = (nnz - 1) / CHUNK + 1;
  const device::Scratch scans(stream, (4 * static_cast<size_t>(chunks) + 1) * sizeof(int32_t));
  int32_t* ties = scans.as<int32_t>();
  int32_t* before_chunk = ties + 2 * static_cast<size_t>(chunks);
  const unsigned warps = THREADS / 32;
  const unsigned chunk_blocks = (static_cast<unsigned>(chunks) + warps - 1) / warps;
  SIMT_LAUNCH(count_ties, chunk_blocks, THREADS, 0, stream, values, nnz, last, chunks, ties);
  collect::exclusive_scan(stream, ties, before_chunk, 2 * chunks);
  SIMT_LAUNCH(mark, chunk_blocks, THREADS, 0, stream, values, nnz, last, chunks, before_chunk, keep, pruned);
  device::check_launch("prune");
}

void count_kept(Workspace& workspace, const int32_t* keep, int32_t nnz, int64_t* kept) {
  const device::Stream stream = workspace.stream();
  device::zero(stream, kept, sizeof(int64_t));
  if (nnz == 0) return;
  SIMT_LAUNCH(sum_flags, blocks_for(nnz), THREADS, 0, stream, keep, nnz, reinterpret_cast<uint32_t*>(kept));
  device::check_launch("count_kept");
}

}  // namespace espalier
