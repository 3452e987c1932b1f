/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>

#include "device/device.h"

namespace espalier {

/**
 * The submissions that may be in flight at once: a ring of events, one at the end of each submission. As submissions
 * are over in their order, the ones that left the ring are known to be over.
 */
class Tickets {
 public:
  static constexpr int64_t IN_FLIGHT = 16;

  /** The ticket that comes next. Waits until the submission that had its place in the ring is over. */
  int64_t claim();

  /** Gives out the ticket that was claimed: its submission is over when the stream gets here. */
  void give(device::Stream stream);

  /** Waits for a ticket that was given out, or 0. */
  void wait(int64_t ticket);

  int64_t last() const { return last_; }

 private:
  device::Event events_[IN_FLIGHT];
  int64_t last_ = 0;
  int64_t over_ = 0;
};

}  // namespace espalier
