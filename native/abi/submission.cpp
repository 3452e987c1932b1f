/* SPDX-License-Identifier: Apache-2.0 */
// The work of a context, step by step as at the head of context.h.
#include <algorithm>

#include "abi/context.h"
#include "base/error.h"

namespace espalier {
namespace {

void check_list(const char* name, const void* list, int64_t count) {
  if (count < 0) throw Error(ESP_BAD_ARGUMENT, "A submission has " + std::to_string(count) + " " + name + ".");
  if (count > 0 && !list) throw Error(ESP_BAD_ARGUMENT, std::string("The ") + name + " of a submission are null.");
}

double median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const size_t half = numbers.size() / 2;
  return numbers.size() % 2 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

}  // namespace

void Context::check_transfers(const char* kind, const esp_transfer* transfers, int64_t count) const {
  for (int64_t i = 0; i < count; ++i) {
    const esp_transfer& transfer = transfers[i];
    const auto refuse = [&](const std::string& what) {
      throw Error(ESP_BAD_ARGUMENT, kind + std::to_string(i + 1) + " " + what + ".");
    };
    const auto refuse_room = [&](const char* where, int64_t room) {
      refuse("has " + std::to_string(transfer.bytes) + " bytes, but only " + std::to_string(room) +
             " are allocated from its " + where + " address on");
    };
    if (transfer.bytes < 0) refuse("has " + std::to_string(transfer.bytes) + " bytes");
    if (transfer.bytes == 0) continue;
    if (transfer.device == 0) refuse("has the device address 0");
    const int64_t room = allocations_.room(transfer.device);
    if (room < transfer.bytes) refuse_room("device", room);
    const int64_t pinned_room = allocations_.pinned_room(transfer.host);
    if (pinned_room < transfer.bytes) refuse_room("page-locked host", pinned_room);
  }
}

void Context::check(const esp_submission& submission) const {
  check_list("uploads", submission.uploads, submission.upload_count);
  check_list("command words", submission.commands, submission.command_words);
  check_list("varying numbers", submission.varying, submission.varying_count);
  check_list("downloads", submission.downloads, submission.download_count);
  check_transfers("Upload ", submission.uploads, submission.upload_count);
  check_transfers("Download ", submission.downloads, submission.download_count);
}

Program Context::decode(const esp_submission& submission) {
  const Surroundings surroundings = {allocations_, varying_.on_device(), submission.varying_count};
  return espalier::decode(submission.commands, submission.command_words, surroundings);
}

void Context::submit(const esp_submission& submission, int64_t wait_for, int64_t* ticket) {
  check(submission);
  if (wait_for < 0 || wait_for > tickets_.last() + 1) {
    throw Error(ESP_BAD_ARGUMENT, "Ticket " + std::to_string(wait_for) +
                                      " cannot be waited for: this submission is number " +
                                      std::to_string(tickets_.last() + 1) + ".");
  }
  if (varying_.reserve(submission.varying_count)) graphs_.drop();
  Graphs::Entry* entry = checking_ ? nullptr : graphs_.find(submission.commands, submission.command_words);
  const bool ready = entry && entry->graph && entry->varying_needed <= submission.varying_count;
  const Program program = ready ? Program() : decode(submission);

  const int64_t claimed = tickets_.claim();
  try {
    upload(submission);
    varying_.send(claimed, submission.varying, submission.varying_count);
    run(submission, entry, program);
    download(submission);
    tickets_.give(compute_.stream);
  } catch (...) {
    settle();
    throw;
  }
  ++counters_.submissions;
  *ticket = claimed;
  if (wait_for > 0) tickets_.wait(wait_for);
}

void Context::upload(const esp_submission& submission) {
  if (submission.upload_count == 0) return;
  if (allocated_) device::order(compute_.stream, copy_.stream);
  allocated_ = false;
  for (int64_t i = 0; i < submission.upload_count; ++i) {
    const esp_transfer& transfer = submission.uploads[i];
    if (transfer.bytes == 0) continue;
    device::to_device(copy_.stream, reinterpret_cast<void*>(transfer.device),
                      reinterpret_cast<const void*>(transfer.host), static_cast<size_t>(transfer.bytes));
  }
  device::order(copy_.stream, compute_.stream);
}

void Context::download(const esp_submission& submission) {
  for (int64_t i = 0; i < submission.download_count; ++i) {
    const esp_transfer& transfer = submission.downloads[i];
    if (transfer.bytes == 0) continue;
    device::to_host(compute_.stream, reinterpret_cast<void*>(transfer.host),
                    reinterpret_cast<const void*>(transfer.device), static_cast<size_t>(transfer.bytes));
  }
}

void Context::run(const esp_submission& submission, Graphs::Entry* entry, const Program& program) {
  if (submission.command_words == 0) return;
  if (!entry) {
    enqueue(program);
    counters_.commands += static_cast<int64_t>(program.commands.size());
    if (program.recordable && !checking_) {
      graphs_.add(submission.commands, submission.command_words, static_cast<int64_t>(program.commands.size()),
                  program.varying_needed);
    }
    return;
  }
  if (!entry->graph) {
    entry->graph = record(program);
    ++counters_.graphs_recorded;
  }
  entry->graph->launch(compute_.stream);
  ++counters_.graph_launches;
  counters_.commands += entry->commands;
}

void Context::enqueue(const Program& program) {
  device::zero(compute_.stream, halted_.as<int32_t>(), sizeof(int32_t));
  for (const Command& command : program.commands) enqueue(command);
}

void Context::enqueue(const Command& command) {
  try {
    command.work(*this);
    device::check_launch("its kernel");
    if (checking_) device::wait(compute_.stream);
  } catch (const Error& error) {
    throw Error(error.status(), command.label + ": " + error.what());
  }
}

std::unique_ptr<device::Graph> Context::record(const Program& program) {
  device::Graph::begin(compute_.stream);
  recording_ = true;
  try {
    enqueue(program);
  } catch (...) {
    recording_ = false;
    device::Graph::abandon(compute_.stream);
    throw;
  }
  recording_ = false;
  return std::unique_ptr<device::Graph>(device::Graph::end(compute_.stream));
}

void Context::wait(int64_t ticket) {
  if (ticket < 0 || ticket > tickets_.last()) {
    throw Error(ESP_BAD_ARGUMENT, "Ticket " + std::to_string(ticket) + " was never given; the last one is " +
                                      std::to_string(tickets_.last()) + ".");
  }
  if (ticket > 0) {
    tickets_.wait(ticket);
  } else {
    device::wait(copy_.stream);
    device::wait(compute_.stream);
  }
}

double Context::time(const esp_submission& submission, int32_t repeats) {
  constexpr int32_t MOST = 1000000;
  if (repeats < 1 || repeats > MOST) {
    throw Error(ESP_BAD_ARGUMENT, "Commands can be timed 1 to " + std::to_string(MOST) + " times, not " +
                                      std::to_string(repeats) + ".");
  }
  check(submission);
  if (varying_.reserve(submission.varying_count)) graphs_.drop();
  const Program program = decode(submission);
  const int64_t claimed = tickets_.claim();  // for its piece of page-locked memory; the ticket is not given
  try {
    upload(submission);
    varying_.send(claimed, submission.varying, submission.varying_count);
    std::vector<double> seconds = time_runs(program, repeats);
    download(submission);
    wait(0);
    return median(std::move(seconds));
  } catch (...) {
    settle();
    throw;
  }
}

std::vector<double> Context::time_runs(const Program& program, int32_t repeats) {
  enqueue(program);  // loads kernels and brings the scratch memory to its size
  std::unique_ptr<device::Graph> graph = program.recordable && !checking_ ? record(program) : nullptr;
  device::Event before;
  device::Event after;
  std::vector<double> seconds;
  for (int32_t i = 0; i < repeats; ++i) {
    before.record(compute_.stream);
    if (graph) {
      graph->launch(compute_.stream);
    } else {
      enqueue(program);
    }
    after.record(compute_.stream);
    after.wait();
    seconds.push_back(after.seconds_since(before));
  }
  counters_.commands += (repeats + 1) * static_cast<int64_t>(program.commands.size());
  return seconds;
}

}  // namespace espalier
