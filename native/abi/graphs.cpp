/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/graphs.h"

#include <algorithm>

namespace espalier {

Graphs::Entry* Graphs::find(const int64_t* words, int64_t count) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (std::equal(entry->words.begin(), entry->words.end(), words, words + count)) {
      entries_.splice(entries_.begin(), entries_, entry);
      return &entries_.front();
    }
  }
  return nullptr;
}

void Graphs::add(const int64_t* words, int64_t count, int64_t commands, int64_t varying_needed) {
  entries_.push_front({std::vector<int64_t>(words, words + count), commands, varying_needed, nullptr});
  if (entries_.size() > CAPACITY) entries_.pop_back();
}

void Graphs::drop() {
  for (Entry& entry : entries_) entry.graph.reset();
}

}  // namespace espalier
