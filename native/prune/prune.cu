/* SPDX-License-Identifier: Apache-2.0 */
// Pruning without sorting: a radix select finds the magnitude of the last value to go in three passes over the values
// (11 + 10 + 10 of the 31 bits of a magnitude, which order like the magnitudes themselves), for SET one of either sign.
// What a pass found stays in device memory, so the host never waits. Then everything nearer to zero goes, and of the
// values equal to the last one the first in canonical order. Several layers fill the same histograms.
//
// Bytes: the values are read five times (three histograms, ties, flags) and the flags written once, 24 bytes for each
// entry; a layer of a million entries stays in the second-level cache after the first pass. Memory: 32 KB of histograms
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

using Count = unsigned long long;  // of the values of all layers

/** What is known of the last value to go of one sign. */
struct Last {
  int64_t remaining;  // how many of the values with these bits go
  uint32_t prefix;    // the highest bits of its magnitude; all of them in the end
};

/** SET tells the signs apart. Zeros of both signs and NaN count as positive; NaN is larger than all numbers. */
struct SignedKey {
  static constexpr int32_t SIGNS = 2;
  uint32_t magnitude;
  int32_t sign;  // 0, or 1 for negative

  __device__ explicit SignedKey(float value) {
    const uint32_t bits = __float_as_uint(value);
    magnitude = bits & 0x7fffffffu;
    sign = magnitude == 0 || magnitude > 0x7f800000u ? 0 : static_cast<int32_t>(bits >> 31);
  }
};

/** All values are of one kind; NaN is larger than all numbers. */
struct MagnitudeKey {
  static constexpr int32_t SIGNS = 1;
  static constexpr int32_t sign = 0;
  uint32_t magnitude;

  __device__ explicit MagnitudeKey(float value) { magnitude = __float_as_uint(value) & 0x7fffffffu; }
};

/** Counts the digit of BITS bits above SHIFT of the values whose higher bits are known to be those of the last one to
    go; positive values in the first half of the histogram. Every block counts in its shared memory (16 or 8 KB) and
    adds what it found to the whole; integer sums do not depend on the order. */
template <class Key, int SHIFT, int BITS>
__global__ void __launch_bounds__(THREADS)
    count_digits(const float* values, int32_t nnz, const Last* last, Count* histogram) {
  constexpr uint32_t BINS = static_cast<uint32_t>(Key::SIGNS) << BITS;
  SIMT_SHARED(uint32_t, bins, BINS);
  for (uint32_t bin = threadIdx.x; bin < BINS; bin += THREADS) bins[bin] = 0;
  __syncthreads();
  const uint32_t prefixes[2] = {last[0].prefix, last[Key::SIGNS - 1].prefix};
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
    if (bins[bin] != 0) atomicAdd(&histogram[bin], Count{bins[bin]});
  }
}

/** The number of values before those of each thread, when every thread has `own`. For a block of THREADS threads. */
__device__ int64_t before_thread(int64_t own) {
  SIMT_SHARED(int64_t, warp_sums, THREADS / 32);
  const int32_t lane = static_cast<int32_t>(threadIdx.x % 32);
  const int32_t warp = static_cast<int32_t>(threadIdx.x / 32);
  int64_t sum = own;
  for (int32_t distance = 1; distance < 32; distance *= 2) {
    const int64_t lower = __shfl_up_sync(WHOLE_WARP, sum, static_cast<unsigned>(distance));
    if (lane >= distance) sum += lower;
  }
  if (lane == 31) warp_sums[warp] = sum;
  __syncthreads();
  for (int32_t w = 0; w < warp; ++w) sum += warp_sums[w];
  __syncthreads();  // the next sum uses the same memory
  return sum - own;
}

/** What is known before the first pass, when it is said how many go: in one thread. */
__global__ void want(int64_t count, Last* last) { *last = {count, 0}; }

/** The same for either sign, of which a fraction goes: one block, after the first pass, which has counted all values. A
    thread owns neighbouring bins; the last one knows the sum. */
__global__ void __launch_bounds__(THREADS)
    want_fraction(double fraction, const Count* histogram, Last* last, int64_t* pruned) {
  constexpr int32_t OWN = (1 << FIRST_BITS) / THREADS;
  int64_t all = 0;
  for (int32_t sign = 0; sign < 2; ++sign) {
    const Count* bins = histogram + (sign << FIRST_BITS) + static_cast<size_t>(threadIdx.x) * OWN;
    int64_t values = 0;
    for (int32_t i = 0; i < OWN; ++i) values += static_cast<int64_t>(bins[i]);
    values += before_thread(values);
    const int64_t wanted = static_cast<int64_t>(floor(fraction * static_cast<double>(values)));
    if (threadIdx.x == THREADS - 1) last[sign] = {wanted, 0};
    all += wanted;
  }
  if (threadIdx.x == THREADS - 1) *pruned = all;
}

/** Finds the next digit of the last value to go, and how many values with it go. A block does so for the positive, a
    second one for the negative values; a thread owns neighbouring bins, and leaves them empty for the next pass. */
template <int BITS>
__global__ void __launch_bounds__(THREADS) pick_digit(Count* histogram, Last* last) {
  constexpr int32_t OWN = (1 << BITS) / THREADS;
  Last& mine = last[blockIdx.x];
  const Last known = mine;
  Count* bins = histogram + (static_cast<size_t>(blockIdx.x) << BITS) + static_cast<size_t>(threadIdx.x) * OWN;
  int64_t counts[OWN];
  int64_t own = 0;
  for (int32_t i = 0; i < OWN; ++i) {
    counts[i] = static_cast<int64_t>(bins[i]);
    own += counts[i];
    bins[i] = 0;
  }
  int64_t before = before_thread(own);
  // in one thread, unless none is to go: then magnitude 0 stays the last one, and none of the values equal to it goes
  if (known.remaining <= before || known.remaining > before + own) return;
  int32_t digit = 0;
  bool found = false;
  for (int32_t i = 0; i < OWN; ++i) {  // without a break: the counts stay in registers
    found = found || known.remaining <= before + counts[i];
    if (!found) {
      before += counts[i];
      ++digit;
    }
  }
  digit += static_cast<int32_t>(threadIdx.x) * OWN;
  mine = {known.remaining - before, known.prefix << BITS | static_cast<uint32_t>(digit)};
}

/** Counts the values equal to the last one to go, of either sign, in each chunk of entries. A warp owns a chunk; ties
    holds the positive counts of all chunks, then the negative ones. */
template <class Key>
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
  if (lane < Key::SIGNS) ties[static_cast<size_t>(lane) * chunks + chunk] = counts >> 16 * lane & 0xffff;
}

/** Writes the flags. A warp owns a chunk and knows how many ties come before it: before_chunk holds the prefix sums of
    what count_ties found. */
template <class Key>
__global__ void __launch_bounds__(THREADS) mark(const float* values, int32_t nnz, const Last* last, int32_t chunks,
                                                const int32_t* before_chunk, int32_t* keep) {
  const int32_t chunk = static_cast<int32_t>((blockIdx.x * THREADS + threadIdx.x) / 32);
  const int32_t lane = static_cast<int32_t>(threadIdx.x % 32);
  if (chunk >= chunks) return;
  const size_t first = static_cast<size_t>(chunk) * CHUNK;
  const uint32_t lower_lanes = (1u << lane) - 1;
  int32_t positive = before_chunk[chunk];  // ties before the next 32 entries
  int32_t negative = Key::SIGNS == 1 ? 0 : before_chunk[static_cast<size_t>(chunks) + chunk] - before_chunk[chunks];
  const Last last_positive = last[0];
  const Last last_negative = last[Key::SIGNS - 1];
  for (int32_t i = 0; i < CHUNK && first + i < static_cast<size_t>(nnz); i += 32) {
    const size_t k = first + i + lane;
    const bool inside = k < static_cast<size_t>(nnz);
    const Key key(inside ? values[k] : 0.0f);
    const uint32_t prefix = key.sign ? last_negative.prefix : last_positive.prefix;
    const int64_t remaining = key.sign ? last_negative.remaining : last_positive.remaining;
    const bool tie = inside && key.magnitude == prefix;
    const uint32_t positive_ties = __ballot_sync(WHOLE_WARP, tie && key.sign == 0);
    const uint32_t negative_ties = __ballot_sync(WHOLE_WARP, tie && key.sign == 1);
    const int32_t rank =
        key.sign ? negative + __popc(negative_ties & lower_lanes) : positive + __popc(positive_ties & lower_lanes);
    if (inside) keep[k] = tie ? rank >= remaining : key.magnitude > prefix;
    positive += __popc(positive_ties);
    negative += __popc(negative_ties);
  }
}

/** The ties of a layer have gone, as far as they are to: in one thread. */
__global__ void pass_ties(const int32_t* ties, Last* last) {
  last->remaining -= *ties < last->remaining ? *ties : last->remaining;
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

/** The passes over the values of some layers, in which a histogram goes with what is known of the last value. */
template <class Key>
class Selection {
 public:
  Selection(device::Stream stream, const std::vector<PruneLayer>& layers)
      : stream_(stream), layers_(layers), memory_(stream, BYTES) {
    device::zero(stream, memory_.as<void>(), BYTES);
  }
  Last* last() const { return memory_.as<Last>(); }
  Count* histogram() const { return reinterpret_cast<Count*>(last() + 2); }

  template <int SHIFT, int BITS>
  void count() const {
    for (const PruneLayer& layer : layers_) {
      if (layer.nnz == 0) continue;
      SIMT_LAUNCH((count_digits<Key, SHIFT, BITS>), blocks_for(layer.nnz), THREADS, 0, stream_, layer.values,
                  layer.nnz, last(), histogram());
    }
  }
  template <int BITS>
  void pick() const {
    SIMT_LAUNCH(pick_digit<BITS>, static_cast<unsigned>(Key::SIGNS), THREADS, 0, stream_, histogram(), last());
  }

  /** Finds the last value to go, once it is known how many go and the first digits are counted; writes the flags. */
  void finish() const {
    pick<FIRST_BITS>();
    count<NEXT_BITS, NEXT_BITS>();
    pick<NEXT_BITS>();
    count<0, NEXT_BITS>();
    pick<NEXT_BITS>();
    for (const PruneLayer& layer : layers_) {
      if (layer.nnz > 0) flag(layer);
    }
    device::check_launch("prune");
  }

 private:
  static constexpr size_t BYTES = 2 * sizeof(Last) + (size_t{Key::SIGNS} << FIRST_BITS) * sizeof(Count);

  void flag(const PruneLayer& layer) const {
    const int32_t chunks = (layer.nnz - 1) / CHUNK + 1;
    const int32_t counts = Key::SIGNS * chunks;
    const device::Scratch scans(stream_, (2 * static_cast<size_t>(counts) + 1) * sizeof(int32_t));
    int32_t* ties = scans.as<int32_t>();
    int32_t* before_chunk = ties + counts;
    const unsigned warps = THREADS / 32;
    const unsigned blocks = (static_cast<unsigned>(chunks) + warps - 1) / warps;
    SIMT_LAUNCH(count_ties<Key>, blocks, THREADS, 0, stream_, layer.values, layer.nnz, last(), chunks, ties);
    collect::exclusive_scan(stream_, ties, before_chunk, counts);
    SIMT_LAUNCH(mark<Key>, blocks, THREADS, 0, stream_, layer.values, layer.nnz, last(), chunks, before_chunk,
                layer.keep);
    if (layers_.size() > 1) SIMT_LAUNCH(pass_ties, 1, 1, 0, stream_, before_chunk + counts, last());
  }

  device::Stream stream_;
  const std::vector<PruneLayer>& layers_;
  device::Scratch memory_;
};

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
  const std::vector<PruneLayer> layers = {{values, nnz, keep}};
  const Selection<SignedKey> selection(stream, layers);
  selection.count<2 * NEXT_BITS, FIRST_BITS>();
  SIMT_LAUNCH(want_fraction, 1, THREADS, 0, stream, fraction, selection.histogram(), selection.last(), pruned);
  selection.finish();
}

void prune_magnitude(Workspace& workspace, const std::vector<PruneLayer>& layers, int64_t count) {
  int64_t total = 0;
  for (const PruneLayer& layer : layers) total += layer.nnz;
  if (count < 0 || count > total) {
    throw Error(ESP_BAD_ARGUMENT,
                "There are " + std::to_string(total) + " connections, but " + std::to_string(count) + " are to go.");
  }
  if (total == 0) return;
  const device::Stream stream = workspace.stream();
  const Selection<MagnitudeKey> selection(stream, layers);
  SIMT_LAUNCH(want, 1, 1, 0, stream, count, selection.last());
  selection.count<2 * NEXT_BITS, FIRST_BITS>();
  selection.finish();
}

void count_kept(Workspace& workspace, const int32_t* keep, int32_t nnz, int64_t* kept) {
  const device::Stream stream = workspace.stream();
  device::zero(stream, kept, sizeof(int64_t));
  if (nnz == 0) return;
  SIMT_LAUNCH(sum_flags, blocks_for(nnz), THREADS, 0, stream, keep, nnz, reinterpret_cast<uint32_t*>(kept));
  device::check_launch("count_kept");
}

}  // namespace espalier
