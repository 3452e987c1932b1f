/* SPDX-License-Identifier: Apache-2.0 */
#include "simt/fiber_emulated.h"

#include <sys/mman.h>

#include <new>

#include "simt/annotations_emulated.h"

namespace simt {
namespace {

constexpr size_t PAGE_BYTES = 4096;
constexpr size_t STACK_BYTES = 128 * 1024;

thread_local Fiber* left __attribute__((tls_model("initial-exec"))) = nullptr;  // the fiber that was changed from last
thread_local Fiber* entered __attribute__((tls_model("initial-exec"))) = nullptr;  // and the one that was changed to

}  // namespace

#if defined(__x86_64__) && !defined(SIMT_UCONTEXT)

// What a called function has to preserve is pushed; the rest the compiler has saved around the call.
extern "C" void simt_change_stack(void** save, void* stack_pointer);
asm(R"(
.text
.hidden simt_change_stack
.globl simt_change_stack
.type simt_change_stack, @function
simt_change_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size simt_change_stack, . - simt_change_stack
)");

#endif

Fiber::Fiber(void (*entry)(), size_t number) : entry_(entry), bytes_(STACK_BYTES) {
  // the page below the stack is not to be touched, so that an overflow is a fault and not a riddle
  void* mapping = mmap(nullptr, PAGE_BYTES + STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mprotect(mapping, PAGE_BYTES, PROT_NONE);
  mapping_ = static_cast<char*>(mapping);
  bottom_ = mapping_ + PAGE_BYTES;
  if (__tsan_create_fiber) history_ = __tsan_create_fiber(0);
  // Stacks begin at different places of a page: otherwise the same variable of all threads would share a few cache
  // lines.
  const size_t usable = STACK_BYTES - number % 16 * 192;
#if defined(__x86_64__) && !defined(SIMT_UCONTEXT)
  void** top = reinterpret_cast<void**>(mapping_ + PAGE_BYTES + usable);
  *--top = nullptr;  // the return address that begin() never uses, and the alignment it may expect
  *--top = reinterpret_cast<void*>(&Fiber::begin);
  for (int saved = 0; saved < 6; ++saved) *--top = nullptr;
  stack_pointer_ = top;
#else
  getcontext(&context_);
  context_.uc_stack.ss_sp = mapping_ + PAGE_BYTES;
  context_.uc_stack.ss_size = usable;
  context_.uc_link = nullptr;
  makecontext(&context_, &Fiber::begin, 0);
#endif
}

Fiber::~Fiber() {
  if (history_ && mapping_ && __tsan_destroy_fiber) __tsan_destroy_fiber(history_);
  if (mapping_) munmap(mapping_, PAGE_BYTES + STACK_BYTES);
}

void Fiber::begin() {
  if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(nullptr, &left->bottom_, &left->bytes_);
  entered->entry_();
}

void Fiber::change(Fiber& from, Fiber& to) {
  if (__tsan_get_current_fiber && !from.history_) from.history_ = __tsan_get_current_fiber();
  left = &from;
  entered = &to;
  void* frames = nullptr;
  if (__sanitizer_start_switch_fiber) __sanitizer_start_switch_fiber(&frames, to.bottom_, to.bytes_);
  constexpr unsigned no_edge = 1;  // to change fibers synchronises nothing: barriers do
  if (__tsan_switch_to_fiber) __tsan_switch_to_fiber(to.history_, no_edge);
#if defined(__x86_64__) && !defined(SIMT_UCONTEXT)
  simt_change_stack(&from.stack_pointer_, to.stack_pointer_);
#else
  swapcontext(&from.context_, &to.context_);
#endif
  if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(frames, &left->bottom_, &left->bytes_);
}

}  // namespace simt
