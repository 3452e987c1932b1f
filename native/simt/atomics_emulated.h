/* SPDX-License-Identifier: Apache-2.0 */
// Atomic operations on integers, whose order cannot show in the result. There are none on floating-point numbers.
#pragma once

#include <type_traits>

namespace simt {

template <class T>
struct Integer {
  static_assert(std::is_same_v<T, int> || std::is_same_v<T, unsigned> || std::is_same_v<T, unsigned long long>,
                "atomics are for int, unsigned and unsigned long long");
  using type = T;
};
template <class T>
using integer = typename Integer<T>::type;  // never deduced: the address alone decides the type

template <class T, class Next>
inline T atomic_update(T* address, Next next) {
  T old = __atomic_load_n(address, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(address, &old, next(old), true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  return old;
}

}  // namespace simt

// All return what was there before.

template <class T>
inline T atomicAdd(T* address, simt::integer<T> value) {
  return __atomic_fetch_add(address, value, __ATOMIC_RELAXED);
}

template <class T>
inline T atomicSub(T* address, simt::integer<T> value) {
  return __atomic_fetch_sub(address, value, __ATOMIC_RELAXED);
}

template <class T>
inline T atomicAnd(T* address, simt::integer<T> value) {
  return __atomic_fetch_and(address, value, __ATOMIC_RELAXED);
}

template <class T>
inline T atomicOr(T* address, simt::integer<T> value) {
  return __atomic_fetch_or(address, value, __ATOMIC_RELAXED);
}

template <class T>
inline T atomicXor(T* address, simt::integer<T> value) {
  return __atomic_fetch_xor(address, value, __ATOMIC_RELAXED);
}

template <class T>
inline T atomicMin(T* address, simt::integer<T> value) {
  return simt::atomic_update(address, [value](T old) { return value < old ? value : old; });
}

template <class T>
inline T atomicMax(T* address, simt::integer<T> value) {
  return simt::atomic_update(address, [value](T old) { return value > old ? value : old; });
}

template <class T>
inline T atomicExch(T* address, simt::integer<T> value) {
  return __atomic_exchange_n(address, value, __ATOMIC_RELAXED);
}

template <class T>
inline T atomicCAS(T* address, simt::integer<T> expected, simt::integer<T> value) {
  __atomic_compare_exchange_n(address, &expected, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  return expected;
}
