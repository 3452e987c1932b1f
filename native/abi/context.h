/* SPDX-License-Identifier: Apache-2.0 */
// How a submission flows
// ======================
//
// A context has two streams. Everything that computes is in the compute stream; the copy stream does nothing but
// uploads.
//
//   copy stream      | uploads t      | uploads t+1      | ...
//                             \                 \             (compute waits for the uploads, never the other way)
//   compute stream   ...       | varying t | commands t | downloads t | event t | varying t+1 | ...
//
// 1. Checks. Transfers and commands are checked before anything is enqueued, so a submission that is refused has done
//    nothing. A command is turned from words into a closure that calls its kernel family (commands.h, operations.h,
//    arguments.h). Words that were seen before, word for word, need no check: they have passed it.
// 2. Ticket. A submission gets the next place in a ring of 16 (tickets.h). If the submission that had the place is not
//    over yet, the host waits for it here: this bounds what is in flight, and frees the page-locked piece that belongs
//    to the place.
// 3. Uploads go to the copy stream, which waits for nothing but its own earlier copies; so they overlap the commands of
//    the submissions before. The one exception is memory allocated since the last upload: it is allocated and zeroed in
//    the compute stream, so the copy stream has to wait for that once. The compute stream then waits for the uploads.
// 4. Varying numbers are written to the page-locked piece and copied to one array on the device, in the compute stream,
//    before the commands. Kernels read them there, so a recorded graph takes the numbers of the day
//    (varying_numbers.h).
// 5. Commands, after the flag `halted` was zeroed. The first time some words are seen they are launched one by one,
//    which also loads their kernels and brings the scratch memory to its size; the second time they are recorded into a
//    graph, which is launched; from the third time on the graph is launched at once (graphs.h). Topology commands
//    allocate and come with other addresses each time: submissions with one of them are never recorded. In a recording
//    nothing may be allocated; scratch memory that grows later, or varying numbers that move, drop the graphs.
// 6. Downloads are copied in the compute stream to page-locked memory.
// 7. An event marks the end; waiting for a ticket is waiting for its event.
//
// With checking on, commands are always launched one by one and waited for, so that a fault is found at its command.
// When anything fails after step 2, the host waits for both streams and the ticket is not given.
//
// What the user allocates (allocations.h) is allocated and released in the order of the compute stream. A fault on the
// device loses the context: from then on it answers with the sentence of that fault and can only be closed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "abi/allocations.h"
#include "abi/commands.h"
#include "abi/graphs.h"
#include "abi/tickets.h"
#include "abi/varying_numbers.h"
#include "device/workspace.h"
#include "espalier.h"

namespace espalier {

/** Everything that belongs to one user of a device. Used by one thread at a time. */
class Context final : public Workspace {
 public:
  explicit Context(int32_t device);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /** Comes before all other calls: makes the device current for this thread; throws if the context is lost. */
  void enter();
  /** From now on the context is lost; the sentence says why. */
  void lose(const std::string& sentence);
  bool lost() const { return !fault_.empty(); }

  device::Stream stream() const override { return compute_.stream; }
  void* scratch(size_t bytes) override { return scratch_.at_least(*this, bytes); }
  void* operands(size_t bytes) override { return operands_.at_least(*this, bytes); }
  int32_t* halted() const override { return halted_.as<int32_t>(); }

  /** The stream as a number for other libraries; 0 when emulated. */
  int64_t stream_handle() const;

  int64_t allocate(int64_t bytes);
  void release(int64_t address) { allocations_.release(address); }
  int64_t allocate_pinned(int64_t bytes) { return allocations_.allocate_pinned(bytes); }
  void release_pinned(int64_t address);
  void write(int64_t address, const void* source, int64_t bytes);
  void read(int64_t address, void* target, int64_t bytes);

  /** *ticket is written as soon as the work is enqueued, before waiting. */
  void submit(const esp_submission& submission, int64_t wait_for, int64_t* ticket);
  void wait(int64_t ticket);
  double time(const esp_submission& submission, int32_t repeats);

  void set_checking(bool on) { checking_ = on; }
  esp_counters counters() const;

 private:
  struct OwnedStream {
    OwnedStream() : stream(device::create_stream()) {}
    ~OwnedStream() { device::destroy_stream(stream); }
    OwnedStream(const OwnedStream&) = delete;
    OwnedStream& operator=(const OwnedStream&) = delete;
    device::Stream stream;
  };

  /** Memory that operations share, one after the other; grown when one of them needs more. */
  struct Shared {
    std::unique_ptr<device::Scratch> memory;
    size_t bytes = 0;
    void* at_least(Context& context, size_t wanted);
  };

  void check_range(int64_t address, int64_t bytes) const;
  void check_transfers(const char* kind, const esp_transfer* transfers, int64_t count) const;
  void check(const esp_submission& submission) const;
  Program decode(const esp_submission& submission);
  void upload(const esp_submission& submission);
  void run(const esp_submission& submission, Graphs::Entry* entry, const Program& program);
  void enqueue(const Program& program);
  void enqueue(const Command& command);
  std::unique_ptr<device::Graph> record(const Program& program);
  std::vector<double> time_runs(const Program& program, int32_t repeats);
  void download(const esp_submission& submission);
  void settle() noexcept;

  const int32_t device_;
  std::string fault_;
  OwnedStream compute_;
  OwnedStream copy_;
  Allocations allocations_;
  VaryingNumbers varying_;
  device::Scratch halted_;
  Shared scratch_;
  Shared operands_;
  Graphs graphs_;
  Tickets tickets_;
  esp_counters counters_ = {};
  bool checking_ = false;
  bool recording_ = false;
  bool allocated_ = false;  // memory since the last upload, so that the next one has to wait for the compute stream
};

}  // namespace espalier
