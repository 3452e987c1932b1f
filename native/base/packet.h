/* SPDX-License-Identifier: Apache-2.0 */
// 16 bytes of a row, which is what one access reads: 4 floats, or 8 bfloat16. The kernels of the sparse products are
// written for both; they compute with quads of floats, of which a packet has one or two.
#pragma once

#include "base/bfloat16.h"
#include "base/quad.h"

namespace espalier {

template <class T>
struct Packet;

template <>
struct Packet<float> {
  static constexpr int kQuads = 1;
  static constexpr int kPositions = 4;
  float4 data;

  __device__ __forceinline__ float4 quad(int) const { return data; }
};

template <>
struct Packet<Bfloat16> {
  static constexpr int kQuads = 2;
  static constexpr int kPositions = 8;
  uint4 data;

  __device__ __forceinline__ float4 quad(int q) const {
    const uint32_t low = q == 0 ? data.x : data.z;
    const uint32_t high = q == 0 ? data.y : data.w;
    return make_float4(first_of(low), second_of(low), first_of(high), second_of(high));
  }
};

/** The packet at a position that is a multiple of kPositions. Like a quad, it may reach into the padding of its row. */
template <class T>
__device__ __forceinline__ Packet<T> load_packet(const T* row, int32_t position) {
  return *reinterpret_cast<const Packet<T>*>(row + position);
}

/** The packet with 0 in place of padding, for sums over positions. */
__device__ __forceinline__ Packet<float> without_padding(Packet<float> packet, int32_t position, int32_t positions) {
  return {without_padding(packet.data, position, positions)};
}
__device__ __forceinline__ Packet<Bfloat16> without_padding(Packet<Bfloat16> packet, int32_t position,
                                                            int32_t positions) {
  const int32_t count = positions - position;
  const auto kept = [count](uint32_t pair, int32_t first) {
    return count > first + 1 ? pair : count > first ? pair & 0xffffu : 0;
  };
  return {make_uint4(kept(packet.data.x, 0), kept(packet.data.y, 2), kept(packet.data.z, 4), kept(packet.data.w, 6))};
}

/** The numbers of a packet as floats. */
template <class T>
__device__ __forceinline__ void to_quads(const Packet<T>& packet, float4* quads) {
  for (int q = 0; q < Packet<T>::kQuads; ++q) quads[q] = packet.quad(q);
}

/** sums[q] += factor * quad q. */
template <class T>
__device__ __forceinline__ void multiply_add(float4* sums, float factor, const Packet<T>& packet) {
  for (int q = 0; q < Packet<T>::kQuads; ++q) multiply_add(sums[q], factor, packet.quad(q));
}

/** sum + the products of the numbers of two packets, in the order of the positions; those of `a` are floats already. */
template <class T>
__device__ __forceinline__ float dot(const float4* a, const Packet<T>& b, float sum) {
  for (int q = 0; q < Packet<T>::kQuads; ++q) sum = dot(a[q], b.quad(q), sum);
  return sum;
}

}  // namespace espalier
