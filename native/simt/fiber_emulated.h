/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstddef>

#if !defined(__x86_64__) || defined(SIMT_UCONTEXT)
#include <ucontext.h>
#endif

namespace simt {

/** A stack that code runs on until it changes to another one. */
class Fiber {
 public:
  /** The stack of the operating system's thread; it must be the one that is running when it is changed from. */
  Fiber() = default;

  /** A stack of its own, on which `entry` begins at the first change; `entry` never returns. */
  Fiber(void (*entry)(), size_t number);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /** Goes on in `to`; returns when something changes back to `from`, which is what is running. */
  static void change(Fiber& from, Fiber& to);

 private:
  static void begin();

  void (*entry_)() = nullptr;
  char* mapping_ = nullptr;
  const void* bottom_ = nullptr;  // of the stack, for AddressSanitizer
  size_t bytes_ = 0;
  void* history_ = nullptr;  // ThreadSanitizer's view of what happened on this stack
#if defined(__x86_64__) && !defined(SIMT_UCONTEXT)
  void* stack_pointer_ = nullptr;
#else
  ucontext_t context_;
#endif
};

}  // namespace simt
