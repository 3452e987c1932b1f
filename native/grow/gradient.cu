/* SPDX-License-Identifier: Apache-2.0 */
// Growth by gradient without a dense gradient. Tiles of it are computed to be counted, digit by digit of the keys
// (grow/selection.h), until few enough cells are left to be listed: mostly after the first digit. They are computed
// once more to be listed, and the list alone decides the rest.
//
// The host does not know when that is, so it enqueues all steps for each digit, and those that are not needed return at
// once: of four kernels for each of 5 digits, say, two do the work of a dense product, each in two instructions for a
// term instead of one. Memory: 24 bytes for each new connection and 3/4 of a MB for the list, 8 for each while sorting,
// and 32 KB for the histogram; nothing of the size of the dense matrix.
#include <string>

#include "base/error.h"
#include "collect/collect.h"
#include "grow/gradient_tile.h"
#include "grow/grow.h"
#include "grow/selection.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;
constexpr uint32_t WHOLE_WARP = 0xffffffffu;

/** Blocks that occupy a large device, each of which goes on to other tiles. */
constexpr int64_t MOST_BLOCKS = 1024;

/** Cells that are listed in any case. */
constexpr int64_t FEW = 1 << 16;

/** Cells that grow or are undecided, in no particular order. */
struct List {
  int64_t* position;
  uint32_t* order;
  Count* size;
};

/** A histogram of one block, in shared memory (16 KB). All threads of the block call these. */
__device__ void clear(uint32_t* bins) {
  for (uint32_t digit = threadIdx.x; digit < kDigits; digit += THREADS) bins[digit] = 0;
  __syncthreads();
}
__device__ void add_to(Count* histogram, const uint32_t* bins) {
  __syncthreads();
  for (uint32_t digit = threadIdx.x; digit < kDigits; digit += THREADS) {
    if (bins[digit] != 0) atomicAdd(&histogram[digit], Count{bins[digit]});
  }
}

/** Reserves so many elements of a list for each thread of a warp; returns where they begin. */
__device__ Count reserve(uint32_t own, Count* size) {
  const int lane = threadIdx.x % 32;
  uint32_t sum = own;
  for (int distance = 1; distance < 32; distance *= 2) {
    const uint32_t lower = __shfl_up_sync(WHOLE_WARP, sum, static_cast<unsigned>(distance));
    if (lane >= distance) sum += lower;
  }
  Count begin = 0;
  if (lane == 31 && sum > 0) begin = atomicAdd(size, Count{sum});
  return __shfl_sync(WHOLE_WARP, begin, 31) + sum - own;
}

/** In one thread: nothing is known, and `count` cells grow. */
__global__ void start(Count count, Selection* selection) { *selection = {0, Selection::kNever, 0, count}; }

/** Counts a digit of the free cells, tile by tile. The bins of a block hold 2^32 cells, 2^20 tiles. */
template <class Layer>
__global__ void __launch_bounds__(THREADS)
    count_tiles(Layer layer, int64_t tiles, int32_t number, Progress known, const Selection* selection,
                Count* histogram) {
  const Selection last = *selection;
  if (last.fit_after < number) return;
  SIMT_SHARED(uint32_t, bins, kDigits);
  clear(bins);
  using Tile = GradientTile<Layer>;
  Tile tile;
  for (int64_t at = blockIdx.x; at < tiles; at += gridDim.x) {
    tile.compute(layer, at);
#pragma unroll
    for (int cell = 0; cell < Tile::kCells; ++cell) {
      const uint32_t order = order_of(tile.gradient(cell));
      const uint64_t position = tile.position(cell);
      if (tile.is_free(cell) && last.undecided(known, order, position)) {
        atomicAdd(&bins[next_digit(known, order, position)], 1u);
      }
    }
  }
  add_to(histogram, bins);
}

/** The same for cells that are listed already. */
__global__ void __launch_bounds__(THREADS)
    count_listed(List list, int32_t number, Progress known, const Selection* selection, Count* histogram) {
  const Selection last = *selection;
  if (last.fit_after >= number) return;
  SIMT_SHARED(uint32_t, bins, kDigits);
  clear(bins);
  const Count size = *list.size;
  const Count step = static_cast<Count>(gridDim.x) * THREADS;
  for (Count i = static_cast<Count>(blockIdx.x) * THREADS + threadIdx.x; i < size; i += step) {
    const uint32_t order = list.order[i];
    const auto position = static_cast<uint64_t>(list.position[i]);
    if (last.undecided(known, order, position)) atomicAdd(&bins[next_digit(known, order, position)], 1u);
  }
  add_to(histogram, bins);
}

/** Finds the next digit of the last key, one block. A thread owns neighbouring bins, and leaves them empty for the next
    digit.

    @param bits that the digit has
    @param count cells that grow
    @param most cells that the list has room for */
__global__ void __launch_bounds__(THREADS)
    pick(Progress known, int32_t number, int bits, Count count, Count most, Count* histogram, Selection* selection) {
  constexpr int OWN = kDigits / THREADS;
  SIMT_SHARED(Count, sums, THREADS);
  const Selection last = *selection;
  Count* bins = histogram + static_cast<size_t>(threadIdx.x) * OWN;
  Count counts[OWN];
  Count own = 0;
#pragma unroll
  for (int i = 0; i < OWN; ++i) {
    counts[i] = bins[i];
    own += counts[i];
    bins[i] = 0;
  }
  sums[threadIdx.x] = own;
  __syncthreads();
  Count before = 0;
  for (uint32_t thread = 0; thread < threadIdx.x; ++thread) before += sums[thread];
  if (last.remaining <= before || last.remaining > before + own) return;  // in all threads but one
  uint32_t digit = threadIdx.x * OWN;
  Count there = 0;
  bool found = false;
#pragma unroll
  for (int i = 0; i < OWN; ++i) {  // without a break: the counts stay in registers
    if (!found && last.remaining <= before + counts[i]) {
      found = true;
      there = counts[i];
    }
    if (!found) {
      before += counts[i];
      ++digit;
    }
  }
  Selection next = last;
  digit &= (1u << bits) - 1;
  if (known.order_shift > 0) {
    next.order = last.order << bits | digit;
  } else {
    next.position = last.position << bits | digit;
  }
  next.remaining = last.remaining - before;
  const Count candidates = count - next.remaining + there;
  if (last.fit_after == Selection::kNever && candidates <= most) next.fit_after = number;
  *selection = next;
}

/** Lists the cells that grow or are undecided, if they fit since the last digit. */
template <class Layer>
__global__ void __launch_bounds__(THREADS)
    list_tiles(Layer layer, int64_t tiles, int32_t number, Progress known, const Selection* selection, List list) {
  const Selection last = *selection;
  if (last.fit_after != number) return;
  using Tile = GradientTile<Layer>;
  Tile tile;
  for (int64_t at = blockIdx.x; at < tiles; at += gridDim.x) {
    tile.compute(layer, at);
    uint32_t wanted = 0;
#pragma unroll
    for (int cell = 0; cell < Tile::kCells; ++cell) {
      const uint32_t order = order_of(tile.gradient(cell));
      if (tile.is_free(cell) && last.wanted(known, order, tile.position(cell))) wanted |= 1u << cell;
    }
    Count to = reserve(static_cast<uint32_t>(__popc(wanted)), list.size);
#pragma unroll
    for (int cell = 0; cell < Tile::kCells; ++cell) {
      if (wanted >> cell & 1) {
        list.order[to] = order_of(tile.gradient(cell));
        list.position[to++] = static_cast<int64_t>(tile.position(cell));
      }
    }
  }
}

/** Copies the positions of what grows from the list, once all of the last key is known. */
__global__ void __launch_bounds__(THREADS)
    choose(List list, const Selection* selection, int64_t* positions, Count* chosen) {
  const Selection last = *selection;
  const Count size = *list.size;
  const Count step = static_cast<Count>(gridDim.x) * THREADS;
  for (Count first = static_cast<Count>(blockIdx.x) * THREADS; first < size; first += step) {
    const Count i = first + threadIdx.x;
    const bool wanted = i < size && last.wanted({0, 0}, list.order[i], static_cast<uint64_t>(list.position[i]));
    const Count to = reserve(wanted, chosen);
    if (wanted) positions[to] = list.position[i];
  }
}

unsigned blocks_for(int64_t items) { return static_cast<unsigned>(items < MOST_BLOCKS ? items : MOST_BLOCKS); }

template <class Layer>
void grow(Workspace& workspace, const Layer& layer, int64_t kept, int32_t count, int64_t* positions) {
  const Csr& weights = layer.weights;
  const int64_t cells = static_cast<int64_t>(weights.rows) * weights.columns;
  if (count > cells - kept) {
    throw Error(ESP_BAD_ARGUMENT, "There are only " + std::to_string(cells - kept) + " free cells, but " +
                                      std::to_string(count) + " connections are to grow.");
  }
  if (count == 0) return;
  const device::Stream stream = workspace.stream();
  const int64_t tiles = GradientTile<Layer>::count(layer);
  const Count most = 2 * static_cast<Count>(count) + FEW;
  int position_bits = 0;
  while ((cells - 1) >> position_bits) ++position_bits;

  const size_t counters_size = sizeof(Selection) + (kDigits + 2) * sizeof(Count);
  const device::Scratch counters(stream, counters_size);
  device::zero(stream, counters.as<void>(), counters_size);
  Selection* selection = counters.as<Selection>();
  Count* histogram = reinterpret_cast<Count*>(selection + 1);
  const device::Scratch listed_positions(stream, most * sizeof(int64_t));
  const device::Scratch listed_orders(stream, most * sizeof(uint32_t));
  const List list = {listed_positions.as<int64_t>(), listed_orders.as<uint32_t>(), histogram + kDigits};
  Count* chosen = list.size + 1;

  SIMT_LAUNCH(start, 1, 1, 0, stream, static_cast<Count>(count), selection);
  const unsigned tile_blocks = blocks_for(tiles);
  const unsigned list_blocks = blocks_for(static_cast<int64_t>(most) / (8 * THREADS));
  Progress known = {kOrderBits, position_bits};
  for (int32_t number = 0; !known.complete(); ++number) {
    const Progress next = known.next();
    const int bits = known.order_shift + known.position_shift - next.order_shift - next.position_shift;
    SIMT_LAUNCH((count_tiles<Layer>), tile_blocks, THREADS, 0, stream, layer, tiles, number, known, selection,
                histogram);
    if (number > 0) {
      SIMT_LAUNCH(count_listed, list_blocks, THREADS, 0, stream, list, number, known, selection, histogram);
    }
    SIMT_LAUNCH(pick, 1, THREADS, 0, stream, known, number, bits, static_cast<Count>(count), most, histogram,
                selection);
    SIMT_LAUNCH((list_tiles<Layer>), tile_blocks, THREADS, 0, stream, layer, tiles, number, next, selection, list);
    known = next;
  }
  const device::Scratch unsorted(stream, static_cast<size_t>(count) * sizeof(int64_t));
  SIMT_LAUNCH(choose, list_blocks, THREADS, 0, stream, list, selection, unsorted.as<int64_t>(), chosen);
  collect::sort(stream, unsorted.as<int64_t>(), positions, count, position_bits > 0 ? position_bits : 1);
  device::check_launch("grow by gradient");
}

}  // namespace

void grow_gradient(Workspace& workspace, const Csr& weights, const int32_t* keep, int64_t kept, ConstRows x,
                   ConstRows dy, int32_t count, int64_t* positions) {
  grow(workspace, GrowingLayer{weights, keep, x, dy}, kept, count, positions);
}

void grow_gradient(Workspace& workspace, const Csr& weights, const Taps& taps, const int32_t* keep, int64_t kept,
                   ConstRows x, ConstRows dy, int32_t count, int64_t* positions) {
  grow(workspace, GrowingConvolution{weights, keep, x, dy, taps}, kept, count, positions);
}

}  // namespace espalier
