/* SPDX-License-Identifier: Apache-2.0 */
#include "pack/pack.h"

#include "base/packet.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;
constexpr int kEach = Packet<Bfloat16>::kPositions;  // positions of a thread

/** Numbers that a packed row takes, a multiple of 64 bytes. */
int32_t packed_stride(const ConstRows& x) { return static_cast<int32_t>((int64_t{x.positions} + 31) / 32 * 32); }

/** A thread rounds 8 neighbours: two reads and one write of 16 bytes. Padding in the last 8 is rounded with them; the
    rest of it is not touched. */
__global__ void __launch_bounds__(kThreads)
    pack_kernel(ConstRows x, Bfloat16* packed, int32_t stride, int32_t packets_per_row, int64_t packets) {
  const int64_t packet = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (packet >= packets) return;
  const int32_t row = static_cast<int32_t>(packet / packets_per_row);
  const int32_t position = static_cast<int32_t>(packet % packets_per_row) * kEach;
  const float4 a = load_quad(x.row(row), position);
  const float4 b = load_quad(x.row(row), position + 4);
  *reinterpret_cast<uint4*>(packed + static_cast<size_t>(row) * stride + position) =
      make_uint4(pack_pair(a.x, a.y), pack_pair(a.z, a.w), pack_pair(b.x, b.y), pack_pair(b.z, b.w));
}

}  // namespace

size_t packed_size(const ConstRows& x) { return static_cast<size_t>(x.rows) * packed_stride(x); }

PackedRows pack(Workspace& workspace, ConstRows x, Bfloat16* packed) {
  const int32_t stride = packed_stride(x);
  const int32_t packets_per_row = (x.positions + kEach - 1) / kEach;
  const int64_t packets = static_cast<int64_t>(x.rows) * packets_per_row;
  if (packets > 0) {
    const auto blocks = static_cast<uint32_t>((packets + kThreads - 1) / kThreads);
    SIMT_LAUNCH(pack_kernel, blocks, kThreads, 0, workspace.stream(), x, packed, stride, packets_per_row, packets);
  }
  return {packed, x.rows, x.positions, stride};
}

}  // namespace espalier
