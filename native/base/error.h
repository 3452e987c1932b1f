/* SPDX-License-Identifier: Apache-2.0 */
// How native code reports what went wrong: it throws, and the C interface turns that into a status and a sentence.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace espalier {

/** A failure with its esp_status. The message is one whole sentence. */
class Error : public std::runtime_error {
 public:
  Error(int32_t status, const std::string& sentence) : std::runtime_error(sentence), status_(status) {}
  int32_t status() const { return status_; }

 private:
  int32_t status_;
};

}  // namespace espalier
