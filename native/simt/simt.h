// simt.h -- one header, two worlds: nvcc (real CUDA) and g++ (fiber emulator).
#pragma once
#include <cstdint>
#ifdef __CUDACC__
#include <cuda_runtime.h>
#define SIMT_LAUNCH(k, grid, block, smem, stream, ...) k<<<(grid), (block), (smem), (stream)>>>(__VA_ARGS__)
#define SIMT_SHARED(T, name, n) __shared__ T name[n]
#define SIMT_DYNAMIC_SHARED(T, name) extern __shared__ __align__(128) unsigned char simt_dyn_[]; T* name = reinterpret_cast<T*>(simt_dyn_)
namespace simt {
using Stream = cudaStream_t;
__device__ __forceinline__ void copy_async16(void* s, const void* g) {
  unsigned sa = (unsigned)__cvta_generic_to_shared(s);
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(sa), "l"(g));
}
__device__ __forceinline__ void copy_async_commit() { asm volatile("cp.async.commit_group;\n"); }
template <int N> __device__ __forceinline__ void copy_async_wait() { asm volatile("cp.async.wait_group %0;\n" ::"n"(N)); }
__device__ __forceinline__ void mma16816_bf16(float d[4], const uint32_t a[4], const uint32_t b[2]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};\n"
    : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
}
#else
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <tuple>
#include <cmath>
#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __ldg(p) (*(p))
#define __restrict__ __restrict
struct dim3 { unsigned x, y, z; dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {} };
struct uint3 { unsigned x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };
struct alignas(16) int4 { int x, y, z, w; };
struct alignas(8) int2 { int x, y; };
inline float4 make_float4(float a, float b, float c, float d) { return {a, b, c, d}; }
namespace simt {
struct StreamState; using Stream = StreamState*;
// Implemented in simt_rt.cpp, which is never compiled with a sanitizer.
const uint3& tid(); const uint3& bid(); const dim3& bdim(); const dim3& gdim();
void block_barrier();
const uint64_t* collective(uint32_t mask, int op, uint64_t val);   // values of the 32 lanes, valid until this lane's next collective
int lane();
void* shared(const void* key, size_t bytes);                        // per-block, poisoned, one malloc per array
void* dyn_shared();
void copy_async16(void* d, const void* s); void copy_async_commit(); void copy_async_wait_(int n); template <int N> inline void copy_async_wait() { copy_async_wait_(N); }
void enqueue(dim3 g, dim3 b, size_t smem, Stream stream, std::function<void()> fn);
void launch(dim3 g, dim3 b, size_t smem, const std::function<void()>& fn);
struct Options { bool fuzz = false; unsigned seed = 1; }; Options& options(); uint64_t& switches();
template <class T> inline uint64_t pk(T v) { uint64_t u = 0; static_assert(sizeof(T) <= 8, ""); memcpy(&u, &v, sizeof(T)); return u; }
template <class T> inline T upk(uint64_t u) { T v; memcpy(&v, &u, sizeof(T)); return v; }
inline float bf(uint32_t u) { return upk<float>(u << 16); }
}
#define threadIdx (simt::tid())
#define blockIdx (simt::bid())
#define blockDim (simt::bdim())
#define gridDim (simt::gdim())
#define SIMT_LAUNCH(k, grid, block, smem, stream, ...) simt::launch_kernel((grid), (block), (smem), (stream), k, __VA_ARGS__)
namespace simt {
// Arguments are converted and copied at the launch, as CUDA does.
template <class... P, class... A> void launch_kernel(dim3 g, dim3 b, size_t smem, Stream stream, void (*k)(P...), A&&... a) {
  std::tuple<P...> arguments(std::forward<A>(a)...);
  enqueue(g, b, smem, stream, [k, arguments] { std::apply(k, arguments); });
}
}
#define SIMT_SHARED(T, name, n) static const char simt_key_##name = 0; T* name = (T*)simt::shared(&simt_key_##name, sizeof(T) * (n))
#define SIMT_DYNAMIC_SHARED(T, name) T* name = (T*)simt::dyn_shared()
inline void __syncthreads() { simt::block_barrier(); }
inline void __syncwarp(uint32_t m = ~0u) { simt::collective(m, 1, 0); }
template <class T> inline T __shfl_sync(uint32_t m, T v, int src, int width = 32) { int l = simt::lane(); auto c = simt::collective(m, 2, simt::pk(v)); return simt::upk<T>(c[(l & ~(width - 1)) | (src & (width - 1))]); }
template <class T> inline T __shfl_xor_sync(uint32_t m, T v, int x, int width = 32) { int l = simt::lane(); auto c = simt::collective(m, 3, simt::pk(v)); int s = l ^ x; return simt::upk<T>(c[(s & ~(width - 1)) == (l & ~(width - 1)) ? s : l]); }
template <class T> inline T __shfl_down_sync(uint32_t m, T v, unsigned d, int width = 32) { int l = simt::lane(); auto c = simt::collective(m, 4, simt::pk(v)); return simt::upk<T>(c[(int)((l & (width - 1)) + d) < width ? l + d : l]); }
template <class T> inline T __shfl_up_sync(uint32_t m, T v, unsigned d, int width = 32) { int l = simt::lane(); auto c = simt::collective(m, 5, simt::pk(v)); return simt::upk<T>(c[(int)(l & (width - 1)) >= (int)d ? l - d : l]); }
inline uint32_t __ballot_sync(uint32_t m, int pred) { auto c = simt::collective(m, 6, pred != 0); uint32_t r = 0; for (int i = 0; i < 32; ++i) if ((m >> i & 1) && c[i]) r |= 1u << i; return r; }
inline int __any_sync(uint32_t m, int p) { return __ballot_sync(m, p) != 0; }
inline int __all_sync(uint32_t m, int p) { return __ballot_sync(m, p) == m; }
inline uint32_t __match_any_sync(uint32_t m, uint32_t v) { auto c = simt::collective(m, 7, v); uint32_t r = 0; for (int i = 0; i < 32; ++i) if ((m >> i & 1) && (uint32_t)c[i] == v) r |= 1u << i; return r; }
inline int __popc(uint32_t x) { return __builtin_popcount(x); }
inline int __ffs(uint32_t x) { return __builtin_ffs(x); }
inline int __clz(uint32_t x) { return x ? __builtin_clz(x) : 32; }
inline uint32_t __float_as_uint(float f) { return simt::upk<uint32_t>(simt::pk(f)); }
inline float __uint_as_float(uint32_t f) { return simt::upk<float>(simt::pk(f)); }
inline uint32_t __umulhi(uint32_t a, uint32_t b) { return (uint64_t)a * b >> 32; }
inline unsigned atomicAdd(unsigned* p, unsigned v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline int atomicAdd(int* p, int v) { return __atomic_fetch_add(p, v, __ATOMIC_RELAXED); }
inline float atomicAdd(float* p, float v) { uint32_t* q = (uint32_t*)p; uint32_t o = __atomic_load_n(q, __ATOMIC_RELAXED); while (!__atomic_compare_exchange_n(q, &o, __float_as_uint(__uint_as_float(o) + v), true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {} return __uint_as_float(o); }
namespace simt {
inline void mma16816_bf16(float d[4], const uint32_t a[4], const uint32_t b[2]) {  // register layout of PTX mma.m16n8k16 row.col
  int l = lane(); uint64_t A0[32], A1[32], B[32];
  memcpy(A0, collective(~0u, 20, (uint64_t)a[0] | (uint64_t)a[1] << 32), 256); memcpy(A1, collective(~0u, 21, (uint64_t)a[2] | (uint64_t)a[3] << 32), 256); memcpy(B, collective(~0u, 22, (uint64_t)b[0] | (uint64_t)b[1] << 32), 256);
  auto half = [](uint32_t w, int k) { return bf(k & 1 ? w >> 16 : w & 0xffff); };
  for (int j = 0; j < 4; ++j) { int r = l / 4 + (j >= 2 ? 8 : 0), n = (l & 3) * 2 + (j & 1); float s = d[j];
    for (int k = 0; k < 16; ++k) { uint64_t q = (k < 8 ? A0 : A1)[(r & 7) * 4 + ((k & 7) >> 1)], p = B[n * 4 + ((k & 7) >> 1)]; s += half(r < 8 ? (uint32_t)q : (uint32_t)(q >> 32), k) * half(k < 8 ? (uint32_t)p : (uint32_t)(p >> 32), k); }
    d[j] = s; }
}
}
#endif
