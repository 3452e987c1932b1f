/* SPDX-License-Identifier: Apache-2.0 */
// What kernels build on, against its definition: the collectives of a warp, barriers, shared memory, asynchronous
// copies, atomics, intrinsics, launches. It holds on a GPU as well, save what is said to be the emulator's alone.
#include <algorithm>
#include <vector>

#include "simt/simt.h"
#include "test/check.h"

using namespace espalier;
using test::Array;
using test::expect;

namespace {

constexpr uint32_t FULL = 0xffffffffu;

// Every lane writes what it got: shuffles[kind * 32 + lane]. Lanes hold 1000 + lane.
__global__ void shuffles(int width, int argument, int* got) {
  const int lane = static_cast<int>(threadIdx.x);
  const int value = 1000 + lane;
  got[0 * 32 + lane] = __shfl_sync(FULL, value, argument, width);
  got[1 * 32 + lane] = __shfl_xor_sync(FULL, value, argument, width);
  got[2 * 32 + lane] = __shfl_up_sync(FULL, value, static_cast<unsigned>(argument), width);
  got[3 * 32 + lane] = __shfl_down_sync(FULL, value, static_cast<unsigned>(argument), width);
}

int source_of(int kind, int lane, int width, int argument) {
  const int first = lane / width * width;
  if (kind == 0) return first + argument % width;
  if (kind == 1) return (lane ^ argument) < first + width ? lane ^ argument : lane;
  if (kind == 2) return lane - argument >= first ? lane - argument : lane;
  return lane + argument < first + width ? lane + argument : lane;
}

void shuffles_follow_their_definition(Workspace& workspace) {
  for (int width = 2; width <= 32; width *= 2) {
    for (int argument = 0; argument < width; argument += 1 + argument / 3) {
      Array<int> got(workspace, 4 * 32, 0);
      SIMT_LAUNCH(shuffles, 1, 32, 0, workspace.stream(), width, argument, got.data());
      const std::vector<int> values = got.values();
      for (int i = 0; i < 4 * 32; ++i) {
        expect(values[i] == 1000 + source_of(i / 32, i % 32, width, argument),
               "shuffle " + std::to_string(i / 32) + " of width " + std::to_string(width) + " by " +
                   std::to_string(argument) + " gave lane " + std::to_string(i % 32) + " the number " +
                   std::to_string(values[i]));
      }
    }
  }
}

__global__ void wide_shuffle(double* got) {
  const int lane = static_cast<int>(threadIdx.x);
  got[lane] = __shfl_xor_sync(FULL, 0.1 * lane, 5);
}

void shuffles_move_eight_bytes(Workspace& workspace) {
  Array<double> got(workspace, 32, 0.0);
  SIMT_LAUNCH(wide_shuffle, 1, 32, 0, workspace.stream(), got.data());
  for (int lane = 0; lane < 32; ++lane)
    expect(got.values()[lane] == 0.1 * (lane ^ 5), "eight bytes are shuffled whole");
}

// The groups of one warp go their own ways, so their collectives are in flight together.
__global__ void votes(const int* predicate, const int* key, uint32_t* got) {
  const int thread = static_cast<int>(threadIdx.x);
  const int lane = thread % 32;
  const uint32_t group = lane < 8 ? 0x000000ffu : lane < 13 ? 0x00001f00u : 0xffffe000u;
  uint32_t* own = got + 5 * thread;
  own[0] = __ballot_sync(group, predicate[thread]);
  own[1] = __any_sync(group, predicate[thread]) != 0;
  own[2] = __all_sync(group, predicate[thread]) != 0;
  own[3] = __match_any_sync(group, key[thread]);
  own[4] = __ballot_sync(FULL, predicate[thread] == 0);
}

void votes_follow_their_definition(Workspace& workspace) {
  constexpr int threads = 96;
  test::Random random(1);
  for (int round = 0; round < 8; ++round) {
    std::vector<int> predicate(threads), key(threads);
    for (int t = 0; t < threads; ++t) {
      predicate[t] = round == 0 ? 0 : round == 1 ? 7 : random.below(3);
      key[t] = random.below(4) - 1;
    }
    Array<int> predicates(workspace, predicate), keys(workspace, key);
    Array<uint32_t> got(workspace, 5 * threads, 0u);
    SIMT_LAUNCH(votes, 1, threads, 0, workspace.stream(), predicates.data(), keys.data(), got.data());
    const std::vector<uint32_t> values = got.values();
    for (int t = 0; t < threads; ++t) {
      const int lane = t % 32, warp = t - lane;
      const int from = lane < 8 ? 0 : lane < 13 ? 8 : 13, to = lane < 8 ? 8 : lane < 13 ? 13 : 32;
      uint32_t ballot = 0, match = 0, none = 0;
      for (int i = 0; i < 32; ++i) {
        if (i >= from && i < to && predicate[warp + i]) ballot |= 1u << i;
        if (i >= from && i < to && key[warp + i] == key[t]) match |= 1u << i;
        if (!predicate[warp + i]) none |= 1u << i;
      }
      const uint32_t all = to - from == 32 ? FULL : ((1u << (to - from)) - 1) << from;
      const uint32_t expected[5] = {ballot, ballot != 0, ballot == all, match, none};
      for (int i = 0; i < 5; ++i) {
        expect(values[5 * t + i] == expected[i], "vote " + std::to_string(i) + " of thread " + std::to_string(t));
      }
    }
  }
}

// The lanes read their results at very different times: a meeting must outlast those that follow it.
__global__ void overtaking(int rounds, int* sums) {
  const int lane = static_cast<int>(threadIdx.x);
  int sum = 0;
  for (int round = 0; round < rounds; ++round) {
    sum += __shfl_sync(FULL, lane * (round + 1), round % 32);
    if (lane < 8) {
      sum += __shfl_xor_sync(0xffu, lane, 1);
      sum += __shfl_xor_sync(0xffu, lane, 2);
      sum += __shfl_xor_sync(0xffu, lane, 4);
    }
  }
  sums[lane] = sum;
}

void fast_lanes_do_not_overtake_slow_ones(Workspace& workspace) {
  constexpr int rounds = 50;
  Array<int> sums(workspace, 32, 0);
  SIMT_LAUNCH(overtaking, 1, 32, 0, workspace.stream(), rounds, sums.data());
  for (int lane = 0; lane < 32; ++lane) {
    int sum = 0;
    for (int round = 0; round < rounds; ++round) {
      sum += round % 32 * (round + 1) + (lane < 8 ? (lane ^ 1) + (lane ^ 2) + (lane ^ 4) : 0);
    }
    expect(sums.values()[lane] == sum, "sum of lane " + std::to_string(lane));
  }
}

// A tree over a whole block, in three dimensions of threads and blocks; half of the threads leave before the last
// barrier.
__global__ void block_sums(const int* numbers, int* sums) {
  SIMT_SHARED(int, partial, 240);
  SIMT_DYNAMIC_SHARED(int, scaled);
  const int thread = static_cast<int>(threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z));
  const int block = static_cast<int>(blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z));
  const int threads = static_cast<int>(blockDim.x * blockDim.y * blockDim.z);
  partial[thread] = numbers[block * threads + thread];
  __syncthreads();
  if (thread >= threads / 2) return;
  scaled[thread] = partial[thread] + partial[thread + threads / 2];
  __syncthreads();
  if (thread != 0) return;
  int sum = 0;
  for (int i = 0; i < threads / 2; ++i) sum += scaled[i];
  sums[block] = sum;
}

void barriers_make_writes_seen(Workspace& workspace) {
  const dim3 grid(3, 2, 2), block(8, 6, 5);
  constexpr int blocks = 12, threads = 240;
  test::Random random(2);
  std::vector<int> numbers(blocks * threads);
  for (int& number : numbers) number = random.below(1000);
  Array<int> input(workspace, numbers), sums(workspace, blocks, 0);
  SIMT_LAUNCH(block_sums, grid, block, threads / 2 * sizeof(int), workspace.stream(), input.data(), sums.data());
  for (int b = 0; b < blocks; ++b) {
    int sum = 0;
    for (int t = 0; t < threads; ++t) sum += numbers[b * threads + t];
    expect(sums.values()[b] == sum, "sum of block " + std::to_string(b));
  }
}

// Two groups of copies in flight, as a pipeline over tiles has them.
__global__ void pipeline(const float4* input, int tiles, float* sums) {
  SIMT_SHARED(float4, tile, 2 * 64);
  const int thread = static_cast<int>(threadIdx.x);
  simt::copy_async16(tile + thread, input + thread);
  simt::copy_async_commit();
  float sum = 0;
  for (int t = 0; t < tiles; ++t) {
    if (t + 1 < tiles) simt::copy_async16(tile + (t + 1) % 2 * 64 + thread, input + (t + 1) * 64 + thread);
    simt::copy_async_commit();
    simt::copy_async_wait<1>();
    __syncthreads();
    const float4 other = tile[t % 2 * 64 + 63 - thread];
    sum += other.x + other.y + other.z + other.w;
    __syncthreads();
  }
  sums[thread] = sum;
}

void copies_arrive_when_waited_for(Workspace& workspace) {
  constexpr int tiles = 5;
  std::vector<float> numbers(tiles * 64 * 4);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i % 97);
  Array<float> input(workspace, numbers), sums(workspace, 64, 0.0f);
  SIMT_LAUNCH(pipeline, 1, 64, 0, workspace.stream(), reinterpret_cast<const float4*>(input.data()), tiles,
              sums.data());
  for (int thread = 0; thread < 64; ++thread) {
    float sum = 0;
    for (int t = 0; t < tiles; ++t) {
      for (int i = 0; i < 4; ++i) sum += numbers[(t * 64 + 63 - thread) * 4 + i];
    }
    expect(sums.values()[thread] == sum, "sum of thread " + std::to_string(thread));
  }
}

__global__ void atomics(int* signed_results, unsigned* results, unsigned long long* wide) {
  const int t = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  atomicAdd(signed_results, 1 - t % 3);
  atomicMin(signed_results + 1, t - 50);
  atomicMax(signed_results + 2, t - 50);
  atomicAdd(results, 2);
  atomicOr(results + 1, 1u << t % 32);
  atomicAnd(results + 2, ~(1u << t % 7));
  atomicXor(results + 3, static_cast<unsigned>(t));
  atomicSub(results + 4, 1u);
  if (atomicCAS(results + 5, 0u, 1u) == 0u) atomicAdd(results + 6, 1u);
  if (atomicExch(results + 7, 1u) == 0u) atomicAdd(results + 6, 10u);
  atomicAdd(wide, 1ull << 40);
  atomicMax(wide + 1, static_cast<unsigned long long>(t) << 33);
}

void atomics_lose_nothing(Workspace& workspace) {
  constexpr int n = 4 * 96;
  Array<int> signed_results(workspace, 3, 0);
  Array<unsigned> results(workspace, std::vector<unsigned>{0, 0, FULL, 0, n, 0, 0, 0});
  Array<unsigned long long> wide(workspace, 2, 0ull);
  SIMT_LAUNCH(atomics, 4, 96, 0, workspace.stream(), signed_results.data(), results.data(), wide.data());
  unsigned exclusive = 0;
  for (unsigned t = 0; t < n; ++t) exclusive ^= t;
  expect(signed_results.values() == std::vector<int>({0, -50, n - 51}), "atomics on int");
  expect(results.values() == std::vector<unsigned>({2 * n, FULL, FULL << 7, exclusive, 0, 1, 11, 1}),
         "atomics on unsigned");
  expect(wide.values() == std::vector<unsigned long long>({static_cast<unsigned long long>(n) << 40, (n - 1ull) << 33}),
         "atomics on unsigned long long");
}

__global__ void intrinsics(int* got) {
  got[0] = __popc(0xf0f0u) == 8 && __popcll(0xf0f0ull << 32 | 1) == 9;
  got[1] = __ffs(0) == 0 && __ffs(0x50) == 5 && __ffsll(1ll << 40) == 41;
  got[2] = __clz(0) == 32 && __clz(1) == 31 && __clz(-1) == 0 && __clzll(1) == 63;
  got[3] = __umulhi(0xffffffffu, 0xffffffffu) == 0xfffffffeu && __umul64hi(1ull << 63, 6) == 3;
  got[4] = __float_as_uint(1.0f) == 0x3f800000u && __uint_as_float(0xc0000000u) == -2.0f;
  got[5] = __float_as_int(-0.0f) == static_cast<int>(0x80000000u) && __double_as_longlong(1.0) == 0x3ff0000000000000ll;
  const float tiny = 1.0f / 8192;  // the square of 1 + tiny needs 27 bits
  got[6] =
      __fmaf_rn(1 + tiny, 1 + tiny, -(1 + 2 * tiny)) == tiny * tiny && __fmul_rn(1 + tiny, 1 + tiny) == 1 + 2 * tiny;
}

void intrinsics_follow_their_definition(Workspace& workspace) {
  Array<int> got(workspace, 7, 0);
  SIMT_LAUNCH(intrinsics, 1, 1, 0, workspace.stream(), got.data());
  for (int i = 0; i < 7; ++i) expect(got.values()[i] == 1, "intrinsics of group " + std::to_string(i));
}

template <int FACTOR, class T>
__global__ void scale(T* numbers, int n) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) numbers[i] *= FACTOR;
}

void templates_launch(Workspace& workspace) {
  Array<float> numbers(workspace, 100, 2.0f);
  SIMT_LAUNCH((scale<3, float>), 2, 64, 0, workspace.stream(), numbers.data(), 100);
  expect(numbers.values() == std::vector<float>(100, 6.0f), "a kernel with template arguments");
}

__global__ void much_shared(int words, int* last) {
  SIMT_DYNAMIC_SHARED(int, memory);
  for (int i = static_cast<int>(threadIdx.x); i < words; i += static_cast<int>(blockDim.x)) memory[i] = i;
  __syncthreads();
  if (threadIdx.x == 0) *last = memory[words - 1];
}

void all_shared_memory_can_be_asked_for(Workspace& workspace) {
  constexpr int words = 227 * 1024 / 4;
  Array<int> last(workspace, 1, 0);
  SIMT_LAUNCH(much_shared, 1, 128, words * sizeof(int), workspace.stream(), words, last.data());
  expect(last.values()[0] == words - 1, "the last word of 227 KB");
}

}  // namespace

int main() {
  test::TestWorkspace workspace;
  shuffles_follow_their_definition(workspace);
  shuffles_move_eight_bytes(workspace);
  votes_follow_their_definition(workspace);
  fast_lanes_do_not_overtake_slow_ones(workspace);
  barriers_make_writes_seen(workspace);
  copies_arrive_when_waited_for(workspace);
  atomics_lose_nothing(workspace);
  intrinsics_follow_their_definition(workspace);
  templates_launch(workspace);
  all_shared_memory_can_be_asked_for(workspace);
  return test::result("simt");
}
