/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/tickets.h"

namespace espalier {

int64_t Tickets::claim() {
  const int64_t next = last_ + 1;
  if (next > IN_FLIGHT) wait(next - IN_FLIGHT);
  return next;
}

void Tickets::give(device::Stream stream) {
  events_[(last_ + 1) % IN_FLIGHT].record(stream);
  ++last_;
}

void Tickets::wait(int64_t ticket) {
  if (ticket <= over_) return;
  events_[ticket % IN_FLIGHT].wait();
  over_ = ticket;
}

}  // namespace espalier
