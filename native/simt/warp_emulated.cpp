/* SPDX-License-Identifier: Apache-2.0 */
#include "simt/warp_emulated.h"

#include "simt/annotations_emulated.h"
#include "simt/scheduler_emulated.h"

namespace simt {

uint64_t meet(Collective operation, uint32_t mask, uint64_t value, int source) {
  return scheduler().meet(operation, mask, value, source);
}

int lane() { return static_cast<int>(scheduler().thread().linear % WARP_LANES); }

const char* name_of(Collective operation) {
  constexpr const char* NAMES[] = {"__syncwarp",       "__shfl_sync",   "__shfl_xor_sync", "__shfl_up_sync",
                                   "__shfl_down_sync", "__ballot_sync", "__any_sync",      "__all_sync",
                                   "__match_any_sync"};  // in the order of the operations
  return NAMES[static_cast<int32_t>(operation)];
}

uint64_t Scheduler::meet(Collective operation, uint32_t mask, uint64_t value, int source) {
  Warp& warp = warps_[thread_->linear / WARP_LANES];
  const uint32_t lane = thread_->linear % WARP_LANES;
  if (!(mask >> lane & 1)) fail("%s: lane %u is not in its own mask 0x%08x", name_of(operation), lane, mask);
  if (mask & warp.ended) {
    fail("%s: mask 0x%08x names lanes 0x%08x, which have ended or never were", name_of(operation), mask,
         mask & warp.ended);
  }
  Meeting& here = meeting(mask, lane);
  if (here.arrived == 0) {
    here.operation = operation;
    here.votes = 0;
  } else if (here.operation != operation) {
    fail("lane %u came to %s while lanes 0x%08x of the same mask wait in %s", lane, name_of(operation), here.arrived,
         name_of(here.operation));
  }
  here.values[lane] = value;
  here.votes |= static_cast<uint32_t>(value != 0) << lane;
  here.arrived |= 1u << lane;
  // only __syncwarp orders memory; the other collectives just move values
  void* all_came =
      operation == Collective::Sync ? edge(2 + (&warp - warps_.get()) * WARP_LANES + (&here - warp.meetings)) : nullptr;
  if (all_came) release_edge(all_came);
  if (here.arrived == mask) {
    complete(warp, here);
  } else {
    thread_->meeting = &here;
    wait();
  }
  if (all_came) acquire_edge(all_came);
  return leave(warp, here, source);
}

// The meeting of this mask that is still waiting for lanes, or a new one. Every lane is in at most one, so there is
// room.
Meeting& Scheduler::meeting(uint32_t mask, uint32_t lane) {
  Warp& warp = warps_[thread_->linear / WARP_LANES];
  for (uint32_t busy = warp.busy; busy; busy &= busy - 1) {
    Meeting& other = warp.meetings[__builtin_ctz(busy)];
    if (other.arrived && other.mask == mask) return other;
  }
  // a place by lane, so that two meetings in a row of one group do not take turns with those of other groups
  const uint32_t own = 1u << lane;
  const int place = warp.busy & own ? __builtin_ctz(~warp.busy) : static_cast<int>(lane);
  warp.busy |= 1u << place;
  Meeting& fresh = warp.meetings[place];
  fresh.mask = mask;
  fresh.arrived = 0;
  return fresh;
}

void Scheduler::complete(Warp& warp, Meeting& meeting) {
  meeting.arrived = 0;
  meeting.unread = meeting.mask;
  Thread* first = &threads_[(&warp - warps_.get()) * WARP_LANES];
  const uint32_t flip = shuffled_ ? order_bits_.below(WARP_LANES) : 0;
  for (uint32_t i = WARP_LANES; i-- > 0;) {
    Thread& thread = first[i ^ flip];
    if (meeting.mask >> (i ^ flip) & 1 && thread.meeting == &meeting) wake(thread);
  }
}

uint64_t Scheduler::leave(Warp& warp, Meeting& meeting, int source) {
  const uint32_t lane = thread_->linear % WARP_LANES;
  uint64_t result = 0;
  switch (meeting.operation) {
    case Collective::Sync:
      break;
    case Collective::Shuffle:
    case Collective::ShuffleXor:
    case Collective::ShuffleUp:
    case Collective::ShuffleDown:
      // a lane outside of the mask has no value to give: what comes is poison
      result = meeting.mask >> source & 1 ? meeting.values[source] : ~uint64_t{0};
      break;
    case Collective::Ballot:
    case Collective::Any:
    case Collective::All:
      result = meeting.votes;
      break;
    case Collective::MatchAny:
      for (uint32_t i = 0; i < WARP_LANES; ++i) {
        const bool equal = meeting.mask >> i & 1 && meeting.values[i] == meeting.values[lane];
        result |= static_cast<uint64_t>(equal) << i;
      }
      break;
  }
  meeting.unread &= ~(1u << lane);
  if (!meeting.unread) warp.busy &= ~(1u << (&meeting - warp.meetings));
  return result;
}

}  // namespace simt
