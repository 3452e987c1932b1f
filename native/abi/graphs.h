/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "device/device.h"

namespace espalier {

/**
 * The commands seen lately, word for word, and the graphs recorded of them. What a graph does is fixed by the words,
 * the scratch memory and the place of the varying numbers; when one of the latter two moves, all graphs are dropped.
 * The addresses in the words need no watch: the same words mean the same work, whatever the memory held in between.
 */
class Graphs {
 public:
  /** How many are kept: whole and partial batches in two upload buffers, for training and evaluation, make 8. */
  static constexpr size_t CAPACITY = 16;

  struct Entry {
    std::vector<int64_t> words;
    int64_t commands;
    int64_t varying_needed;
    std::unique_ptr<device::Graph> graph;  // null until it is recorded
  };

  /** The entry of these words, which is now the one used last, or null. */
  Entry* find(const int64_t* words, int64_t count);

  /** Remembers words seen for the first time and forgets what was not used for longest. */
  void add(const int64_t* words, int64_t count, int64_t commands, int64_t varying_needed);

  /** Drops all graphs, but not the memory of having seen their words. A graph that still runs is not disturbed. */
  void drop();

 private:
  std::list<Entry> entries_;  // last used first
};

}  // namespace espalier
