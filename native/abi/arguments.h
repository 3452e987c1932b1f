/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "abi/allocations.h"
#include "base/images.h"
#include "base/types.h"
#include "espalier.h"
#include "rebuild/rebuild.h"

namespace espalier {

/** What the commands of a submission may refer to. */
struct Surroundings {
  const Allocations& allocations;
  const int64_t* varying;  // in device memory
  int64_t varying_count;
};

/**
 * The words of one command, turned into the types of the kernel families and checked on the way. Every failure is an
 * ESP_BAD_ARGUMENT that names command, operation and argument. Arrays must be aligned to their elements and, in memory
 * that this library allocated, must not reach past the end of the piece they lie in; a null address stands for an empty
 * array.
 */
class Arguments {
 public:
  /** @param label such as "Command 3 (spmm)" */
  Arguments(std::string label, const int64_t* words, int64_t count, const Surroundings& surroundings)
      : label_(std::move(label)), words_(words), count_(count), surroundings_(surroundings) {}

  /** The struct of the command, which has at least that many words. */
  template <class T>
  T as() const {
    T command;
    memcpy(&command, words_ + 1, sizeof(T));
    return command;
  }

  /** What follows the struct. */
  template <class T>
  const int64_t* tail() const {
    return words_ + 1 + sizeof(T) / sizeof(int64_t);
  }
  template <class T>
  int64_t tail_words() const {
    return count_ - 1 - static_cast<int64_t>(sizeof(T) / sizeof(int64_t));
  }

  [[noreturn]] void fail(const std::string& argument, const std::string& expectation) const;
  void expect(bool holds, const std::string& argument, const char* expectation) const {
    if (!holds) fail(argument, expectation);
  }
  /** Checks that two sizes that must be the same are. */
  void equal(const char* name, int64_t value, const char* other_name, int64_t other) const;

  /** A size or a count, in [0, limit]. */
  int32_t size(const std::string& name, int64_t value, int64_t limit = INT32_MAX) const;
  int64_t long_size(const std::string& name, int64_t value, int64_t limit) const;
  bool flag(const char* name, int64_t value) const;
  float number(const char* name, int64_t bits) const;

  /** An array of that many elements. */
  template <class T>
  T* array(const std::string& name, int64_t address, int64_t length) const {
    check_range(name, address, length, sizeof(T));
    return reinterpret_cast<T*>(address);
  }
  /** The same, but it may be left out. */
  template <class T>
  T* optional(const std::string& name, int64_t address, int64_t length) const {
    return address == 0 ? nullptr : array<T>(name, address, length);
  }

  /** A number that may change from one run to the next. */
  template <class T>
  Varying<T> varying(const char* name, int64_t index) {
    return {varying_word(name, index)};
  }
  /** How many varying numbers the command needs. */
  int64_t varying_needed() const { return varying_needed_; }

  Rows rows(const std::string& name, const esp_rows& rows) const;
  ConstRows source(const std::string& name, const esp_rows& rows) const { return read_only(this->rows(name, rows)); }

  Grid grid(const std::string& name, const esp_grid& grid) const;

  /** Rows of whole images in a grid. */
  Images images(const std::string& name, const esp_rows& rows, const Grid& grid) const;
  Images images(const std::string& name, const esp_images& images) const {
    return this->images(name, images.rows, grid(name + ".grid", images.grid));
  }
  ConstImages image_source(const std::string& name, const esp_images& images) const {
    return read_only(this->images(name, images));
  }
  /** The same to write: up to the stride. */
  Images target(const std::string& name, const esp_rows& rows, const Grid& grid) const;
  Images target(const std::string& name, const esp_images& images) const {
    return target(name, images.rows, grid(name + ".grid", images.grid));
  }

  Taps taps(const esp_taps& taps) const;
  /** Rows of whole images that taps read, with what they reach before and behind. */
  ConstRows within_reach(const std::string& name, const esp_rows& rows, const Grid& grid, int64_t reach) const;

  /** A matrix to read; its values may be left out if only the pattern matters. */
  Csr csr(const std::string& name, const esp_csr& csr, bool needs_values) const;
  /** A matrix to write. */
  NewCsr new_csr(const std::string& name, const esp_csr& csr) const;

  Activation activation(int64_t kind, int64_t slope) const;
  Epilogue epilogue(const esp_epilogue& epilogue, const Rows& result) const;
  Tier tier(int64_t tier, const Csr& matrix) const;

  /** @param scaled whether the rule's gradient scale is used */
  SgdRule rule(const esp_sgd_rule& rule, bool scaled);

 private:
  void check_range(const std::string& name, int64_t address, int64_t length, int64_t element) const;
  const int64_t* varying_word(const char* name, int64_t index);

  std::string label_;
  const int64_t* words_;
  int64_t count_;
  const Surroundings& surroundings_;
  int64_t varying_needed_ = 0;
};

}  // namespace espalier
