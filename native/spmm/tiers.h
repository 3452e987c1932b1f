/* SPDX-License-Identifier: Apache-2.0 */
// The two ways to compute SpMM, from floats and from numbers of 16 bits, and the rules of shape by which the sparse
// products choose.
#pragma once

#include "base/packet.h"
#include "spmm/slabs.h"
#include "spmm/spmm.h"

namespace espalier {

/** Lanes that read a row of a slab, 16 bytes each. Any 8 lanes that do so meet no bank twice, whatever the row. */
constexpr int kTileLanes = 8;

/** Positions that a block of the slab tiers works on: 128 bytes, 32 floats or 64 numbers of 16 bits. */
template <class T>
constexpr int32_t kTilePositions = kTileLanes * Packet<T>::kPositions;

/** The most rows that a block of the slab tiers owns: 1024 threads keep 32 floats each for them. */
template <class T>
constexpr int32_t kMostRows = 1024 / Packet<T>::kQuads;

/** Blocks that give every multiprocessor of a large device something to do; a power of two. */
constexpr int64_t kWave = 128;

inline int64_t blocks_of(int64_t n, int64_t size) { return (n + size - 1) / size; }

/**
 * Rows that a block of the slab tiers owns: the most, 256 or 64. The more, the less often x is staged; but there must
 * be enough blocks.
 */
template <class T>
int32_t slab_rows(int32_t rows, int32_t positions) {
  const int64_t tiles = blocks_of(positions, kTilePositions<T>);
  for (const int32_t size : {kMostRows<T>, 256}) {
    if (blocks_of(rows, size) * tiles >= kWave) return size;
  }
  return 64;
}

/**
 * Tells whether staging x in shared memory saves time. For every tile of positions the gather tiers move nnz * 128
 * bytes through the second-level cache, at about 42 bytes a clock and multiprocessor. The slab tiers move as many
 * through shared memory at 128, and half as much again for the entries; staging moves rows / R * columns * 128 bytes
 * through the second-level cache. With density d it is cheaper when 3.05 / (d R) + 1.5 < 3.05: when a staged row is
 * used twice, d R > 2.
 */
template <class T>
bool slab_pays(const Csr& csr, int32_t positions) {
  if (csr.slabs == nullptr || positions < kTilePositions<T>) return false;
  const int64_t used = static_cast<int64_t>(csr.nnz) * slab_rows<T>(csr.rows, positions);
  return used >= 2 * static_cast<int64_t>(csr.rows) * csr.columns;
}

/** The tier that is run; throws ESP_BAD_ARGUMENT if a slab tier is asked for without a slab index. */
Tier resolve(Tier asked, const Csr& csr, int32_t positions, const char* operation);

/** @param x floats, or bfloat16 (pack/pack.h) */
template <class T>
void spmm_gather(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
                 const Epilogue& epilogue);

/** @param block_rows what slab_rows says; tests say otherwise, and get the same bits */
template <class T>
void spmm_slab(Workspace& workspace, const Csr& weights, const float* bias, RowsOf<const T> x, Rows y,
               const Epilogue& epilogue, int32_t block_rows);

}  // namespace espalier
