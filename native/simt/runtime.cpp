// Fiber runtime. Build WITHOUT sanitizers; TSAN/ASAN hooks are weak so they bind only in sanitized programs.
#include "simt/simt.h"
#include <vector>
#include <algorithm>
#include <random>
extern "C" { __attribute__((weak)) void* __tsan_get_current_fiber(void); __attribute__((weak)) void* __tsan_create_fiber(unsigned); __attribute__((weak)) void __tsan_switch_to_fiber(void*, unsigned);
__attribute__((weak)) void __tsan_acquire(void*); __attribute__((weak)) void __tsan_release(void*);
__attribute__((weak)) void __sanitizer_start_switch_fiber(void**, const void*, size_t); __attribute__((weak)) void __sanitizer_finish_switch_fiber(void*, const void**, size_t*);
void simt_switch(void** save_sp, void* load_sp); }
asm(R"(
.text
.globl simt_switch
.type simt_switch,@function
simt_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp,(%rdi)
  movq %rsi,%rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size simt_switch,.-simt_switch
)");
namespace simt {
void copy16(void*, const void*);
static void ACQ(void* p) { if (__tsan_acquire) __tsan_acquire(p); }
static void REL(void* p) { if (__tsan_release) __tsan_release(p); }
struct Coll { uint32_t mask = 0, arrived = 0, gen = 0; int op = 0; uint64_t v[2][32]; char sync[2]; };
struct Warp { Coll c[6]; uint32_t exited = 0; };
struct Pend { void* d; const void* s; int group; };
struct Fiber { void* sp = nullptr; char* stack = nullptr; Fiber *next = nullptr, *prev = nullptr; uint3 tid{}; unsigned lane = 0, lin = 0; Warp* w = nullptr; std::vector<Pend> pend; int cgroup = 0; void* tsan = nullptr; };
static thread_local struct Sched { std::vector<Fiber> f; std::vector<Warp> warps; void *main_sp = nullptr, *main_tsan = nullptr; Fiber* cur = nullptr; const std::function<void()>* body = nullptr;
  unsigned alive = 0, arrived = 0, bgen = 0; uint64_t idle = 0, switches = 0; dim3 grid, block; uint3 bid{}; std::vector<std::pair<const void*, void*>> sh; void* dyn = nullptr; char sync[2], sync_exit, sync_start; std::mt19937 rng; } S;
static Options O; Options& options() { return O; } uint64_t& switches() { return S.switches; }
const uint3& tid() { return S.cur->tid; } const uint3& bid() { return S.bid; } const dim3& bdim() { return S.block; } const dim3& gdim() { return S.grid; } int lane() { return S.cur->lane; } void* dyn_shared() { return S.dyn; }
constexpr size_t STK = 128 * 1024;
static void jump(void** save, void* to, Fiber* tf) { ++S.switches;
  if (__tsan_switch_to_fiber) __tsan_switch_to_fiber(tf ? tf->tsan : S.main_tsan, 1);
  void* fake = nullptr; if (__sanitizer_start_switch_fiber) __sanitizer_start_switch_fiber(&fake, tf ? tf->stack : nullptr, tf ? STK : 0);
  simt_switch(save, to);
  if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(fake, nullptr, nullptr); }
[[noreturn]] static void die(const char* m) { fprintf(stderr, "SIMT error: %s (block %u,%u thread %u)\n", m, S.bid.x, S.bid.y, S.cur ? S.cur->lin : 0); fflush(stderr); abort(); }
static void yield() { Fiber *me = S.cur, *n = me->next; if (++S.idle > 4ull * S.alive + 8) die("deadlock: divergent barrier, or a lane of the mask never arrives"); if (n == me) return; S.cur = n; jump(&me->sp, n->sp, n); }
static void entry() { if (__sanitizer_finish_switch_fiber) __sanitizer_finish_switch_fiber(nullptr, nullptr, nullptr);
  for (;;) { ACQ(&S.sync_start); (*S.body)(); Fiber* me = S.cur; if (!me->pend.empty()) die("thread exits with copy_async copies never waited for");
    me->w->exited |= 1u << me->lane; --S.alive; S.idle = 0; REL(&S.sync_exit);
    if (S.alive && S.arrived == S.alive) { S.arrived = 0; ++S.bgen; }
    me->prev->next = me->next; me->next->prev = me->prev;
    if (!S.alive) { S.cur = nullptr; jump(&me->sp, S.main_sp, nullptr); } else { S.cur = me->next; jump(&me->sp, me->next->sp, me->next); } } }
void* shared(const void* key, size_t n) { for (auto& p : S.sh) if (p.first == key) { ACQ(p.second); return p.second; } void* q = aligned_alloc(128, (n + 127) / 128 * 128); memset(q, 0xff, (n + 127) / 128 * 128); S.sh.push_back({key, q}); REL(q); return q; }
static void run_block(uint3 bid, size_t smem) { unsigned n = S.block.x * S.block.y * S.block.z; S.bid = bid; S.alive = n; S.arrived = S.bgen = 0; S.idle = 0;
  if (__tsan_get_current_fiber) S.main_tsan = __tsan_get_current_fiber();
  for (auto& p : S.sh) free(p.second); S.sh.clear(); S.dyn = smem ? shared(&S, smem) : nullptr;
  if (S.f.size() != n) { for (auto& f : S.f) free(f.stack); S.f = std::vector<Fiber>(n); }
  S.warps.assign((n + 31) / 32, Warp()); std::vector<unsigned> ord(n); for (unsigned i = 0; i < n; ++i) ord[i] = i; if (O.fuzz) std::shuffle(ord.begin(), ord.end(), S.rng);
  for (unsigned i = 0; i < n; ++i) { Fiber& f = S.f[i];
    if (!f.stack) { f.stack = (char*)aligned_alloc(64, STK); if (__tsan_create_fiber) f.tsan = __tsan_create_fiber(0); void** sp = (void**)(f.stack + STK - 16 - (i % 61) * 192); *--sp = nullptr; *--sp = (void*)&entry; for (int k = 0; k < 6; ++k) *--sp = nullptr; f.sp = sp; }
    f.lin = i; f.lane = i & 31; f.w = &S.warps[i >> 5]; f.cgroup = 0; f.pend.clear(); f.tid = {i % S.block.x, (i / S.block.x) % S.block.y, i / (S.block.x * S.block.y)}; }
  if (n & 31) S.warps.back().exited = ~((1u << (n & 31)) - 1);
  for (unsigned i = 0; i < n; ++i) { Fiber *a = &S.f[ord[i]], *b = &S.f[ord[(i + 1) % n]]; a->next = b; b->prev = a; }
  REL(&S.sync_start); S.cur = &S.f[ord[0]]; jump(&S.main_sp, S.cur->sp, S.cur); ACQ(&S.sync_exit); }
void launch(dim3 g, dim3 b, size_t smem, const std::function<void()>& fn) { S.grid = g; S.block = b; S.body = &fn; S.rng.seed(O.seed); uint64_t tot = (uint64_t)g.x * g.y * g.z; std::vector<uint32_t> o(tot); for (uint64_t i = 0; i < tot; ++i) o[i] = i; if (O.fuzz) std::shuffle(o.begin(), o.end(), S.rng);
  for (uint32_t i : o) run_block({i % g.x, (i / g.x) % g.y, i / (g.x * g.y)}, smem); }
void block_barrier() { unsigned g = S.bgen; void* y = &S.sync[g & 1]; REL(y); if (++S.arrived == S.alive) { S.arrived = 0; ++S.bgen; S.idle = 0; } else while (S.bgen == g) yield(); ACQ(y); }
const uint64_t* collective(uint32_t mask, int op, uint64_t val) { Fiber* me = S.cur; Warp* w = me->w; if (!(mask >> me->lane & 1)) die("lane not in its own mask"); if (mask & w->exited) die("mask names an exited lane");
  Coll* c = nullptr; for (auto& x : w->c) if (x.mask == mask) { c = &x; break; } if (!c) for (auto& x : w->c) if (!x.arrived) { c = &x; x.mask = mask; break; } if (!c) die("too many masks in flight");
  if (!c->arrived) c->op = op; else if (c->op != op) die("lanes of one mask met different warp operations");
  uint32_t g = c->gen; int par = g & 1; c->v[par][me->lane] = val; c->arrived |= 1u << me->lane; bool sync = op == 1; void* y = &c->sync[par]; if (sync) REL(y);
  if (c->arrived == mask) { c->arrived = 0; ++c->gen; S.idle = 0; } else while (c->gen == g) yield();
  if (sync) ACQ(y); return c->v[par]; }
void copy_async16(void* d, const void* s) { if (((uintptr_t)d | (uintptr_t)s) & 15) die("copy_async operand not 16-byte aligned"); S.cur->pend.push_back({d, s, S.cur->cgroup}); }
void copy_async_commit() { ++S.cur->cgroup; }
void copy_async_wait_(int N) { Fiber* f = S.cur; size_t k = 0; for (auto& p : f->pend) if (p.group < f->cgroup - N) copy16(p.d, p.s); else f->pend[k++] = p; f->pend.resize(k); }
void enqueue(dim3 g, dim3 b, size_t smem, Stream, std::function<void()> fn) { launch(g, b, smem, fn); }
}
