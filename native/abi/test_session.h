/* SPDX-License-Identifier: Apache-2.0 */
// What the tests of the C interface share: they use nothing but espalier.h.
#pragma once

#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "espalier.h"
#include "test/check.h"

namespace espalier::test {

inline int64_t bits(float value) {
  uint32_t word;
  memcpy(&word, &value, sizeof(word));
  return word;
}

/** Commands in words. */
class Words {
 public:
  template <class T>
  Words& add(int64_t opcode, const T& command) {
    const size_t length = 1 + sizeof(T) / sizeof(int64_t);
    words_.push_back(opcode | static_cast<int64_t>(length) << 32);
    words_.resize(words_.size() + length - 1);
    memcpy(&words_[words_.size() - (length - 1)], &command, sizeof(T));
    return *this;
  }
  int64_t& operator[](size_t i) { return words_[i]; }
  const std::vector<int64_t>& list() const { return words_; }

 private:
  std::vector<int64_t> words_;
};

/** An open context of device 0, and calls that must succeed. */
class Session {
 public:
  Session() { ok(esp_open(0, &context), "open"); }
  ~Session() {
    if (open) close();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  static void ok(esp_status status, const std::string& what) {
    expect(status == ESP_OK, what + ": " + (status == ESP_OK ? "" : esp_last_error()));
  }

  void close() {
    ok(esp_close(context), "close");
    open = false;
  }

  int64_t allocate(int64_t bytes) {
    int64_t address = 0;
    ok(esp_allocate(context, bytes, &address), "allocate");
    return address;
  }

  float* pinned(int64_t count) {
    int64_t address = 0;
    ok(esp_allocate_pinned(context, count * 4, &address), "allocate pinned");
    return reinterpret_cast<float*>(address);
  }

  int64_t floats(const std::vector<float>& values) {
    const int64_t address = allocate(static_cast<int64_t>(values.size() * 4));
    ok(esp_write(context, address, values.data(), static_cast<int64_t>(values.size() * 4)), "write");
    return address;
  }

  std::vector<float> read(int64_t address, size_t count) {
    std::vector<float> values(count, -7.0f);
    ok(esp_read(context, address, values.data(), static_cast<int64_t>(count * 4)), "read");
    return values;
  }

  esp_status try_submit(const Words& words, const std::vector<int64_t>& varying = {}, int64_t wait_for = 0) {
    esp_submission submission = {};
    fill(submission, words, varying);
    return esp_submit(context, &submission, wait_for, &ticket);
  }

  void submit(const Words& words, const std::vector<int64_t>& varying = {}, int64_t wait_for = 0) {
    ok(try_submit(words, varying, wait_for), "submit");
  }

  static void fill(esp_submission& submission, const Words& words, const std::vector<int64_t>& varying) {
    submission.commands = words.list().data();
    submission.command_words = static_cast<int64_t>(words.list().size());
    submission.varying = varying.data();
    submission.varying_count = static_cast<int64_t>(varying.size());
  }

  esp_counters counters() {
    esp_counters counters = {};
    ok(esp_read_counters(context, &counters), "counters");
    return counters;
  }

  int64_t context = 0;
  int64_t ticket = 0;  // of the last submission
  bool open = true;
};

/** Checks a refusal: its status, and what its sentence must say. */
inline void refused(esp_status actual, esp_status status, const std::string& part, const std::string& what) {
  const std::string sentence = actual == ESP_OK ? "(no error)" : esp_last_error();
  expect(actual == status && sentence.find(part) != std::string::npos && sentence.back() == '.',
         what + ": status " + std::to_string(actual) + ", " + sentence);
}

/** Submits a good command, then spoiled copies of it. */
template <class T>
class Spoiler {
 public:
  Spoiler(Session& session, int64_t opcode, const T& good, const std::vector<int64_t>& varying = {})
      : session_(session), opcode_(opcode), good_(good), varying_(varying) {
    session.submit(Words().add(opcode, good), varying);
  }

  Spoiler& refuses(const std::string& part, const std::function<void(T&)>& spoil) {
    T command = good_;
    spoil(command);
    refused(session_.try_submit(Words().add(opcode_, command), varying_), ESP_BAD_ARGUMENT, part, part);
    return *this;
  }

 private:
  Session& session_;
  int64_t opcode_;
  T good_;
  std::vector<int64_t> varying_;
};

/** A step of plain SGD: values -= varying[0] * gradient. */
inline Words sgd_step(int64_t values, int64_t gradient, int64_t n) {
  return Words().add(ESP_OP_SGD, esp_op_sgd{values, gradient, 0, n, {0, 0, 0, 0, 1}});
}

/** Varying numbers of sgd_step. */
inline std::vector<int64_t> rate(float learning_rate) { return {bits(learning_rate), bits(1.0f)}; }

}  // namespace espalier::test
