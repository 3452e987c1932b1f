/* SPDX-License-Identifier: Apache-2.0 */
// Functions that CUDA has for single instructions: bits, integers of two words, arithmetic that is never contracted.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#define __ldg(address) (*(address))

namespace simt {

template <class To, class From>
inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From), "as many bits");
  To to;
  memcpy(&to, &from, sizeof(To));
  return to;
}

}  // namespace simt

inline int __popc(unsigned bits) { return __builtin_popcount(bits); }
inline int __popcll(unsigned long long bits) { return __builtin_popcountll(bits); }
inline int __ffs(int bits) { return __builtin_ffs(bits); }
inline int __ffsll(long long bits) { return __builtin_ffsll(bits); }
inline int __clz(int bits) { return bits ? __builtin_clz(static_cast<unsigned>(bits)) : 32; }
inline int __clzll(long long bits) { return bits ? __builtin_clzll(static_cast<unsigned long long>(bits)) : 64; }

inline unsigned __umulhi(unsigned a, unsigned b) {
  return static_cast<unsigned>(static_cast<unsigned long long>(a) * b >> 32);
}
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<unsigned long long>(static_cast<Wide>(a) * b >> 64);
}

inline unsigned __float_as_uint(float number) { return simt::bits_as<unsigned>(number); }
inline float __uint_as_float(unsigned bits) { return simt::bits_as<float>(bits); }
inline int __float_as_int(float number) { return simt::bits_as<int>(number); }
inline float __int_as_float(int bits) { return simt::bits_as<float>(bits); }
inline long long __double_as_longlong(double number) { return simt::bits_as<long long>(number); }
inline double __longlong_as_double(long long bits) { return simt::bits_as<double>(bits); }

inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dmul_rn(double a, double b) { return a * b; }
