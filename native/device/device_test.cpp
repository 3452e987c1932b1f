/* SPDX-License-Identifier: Apache-2.0 */
// What the native code takes for granted about a device: memory and its limit, order in streams, events, recorded
// graphs.
#include <cmath>
#include <memory>
#include <vector>

#include "base/error.h"
#include "device/device.h"
#include "test/check.h"

using namespace espalier;
using test::Array;
using test::expect;

namespace {

__global__ void add(float* numbers, int n, const float* amount) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) numbers[i] += *amount;
}

template <class Action>
std::string message_of(int32_t status, Action action) {
  try {
    action();
  } catch (const Error& error) {
    expect(error.status() == status, "status " + std::to_string(status) + ": " + error.what());
    return error.what();
  }
  return "";
}

void devices_describe_themselves() {
  expect(device::count() >= 1, "there is a device");
  const esp_device_info info = device::info(0);
  expect(info.name[0] != 0 && info.compute_major >= 8 && info.multiprocessors >= 1, "the device says what it is");
  expect(info.free_bytes > 0 && info.free_bytes <= info.total_bytes, "and what memory it has");
  device::select(0);
  expect(message_of(ESP_NO_DEVICE, [] { device::select(99); }).find("99") != std::string::npos, "no device 99");
}

void memory_is_counted_and_runs_out(Workspace& workspace) {
  size_t before = 0, during = 0, after = 0, total = 0;
  device::wait(workspace.stream());
  device::memory(&before, &total);
  void* address = device::allocate(workspace.stream(), size_t{64} << 20);
  expect(reinterpret_cast<uintptr_t>(address) % 256 == 0, "memory begins on a boundary of 256 bytes");
  device::memory(&during, &total);
  device::release(workspace.stream(), address);
  device::wait(workspace.stream());
  device::memory(&after, &total);
  if (device::info(0).emulated) expect(before - during == size_t{64} << 20 && after == before, "memory is counted");
  const size_t much = size_t{1} << 45;
  const std::string message = message_of(ESP_OUT_OF_MEMORY, [&] { device::allocate(workspace.stream(), much); });
  expect(message.find(std::to_string(much)) != std::string::npos, "the message says what was asked: " + message);
  device::release(workspace.stream(), device::allocate(workspace.stream(), 1000));  // the device is as good as before
  device::release(workspace.stream(), nullptr);
}

void emulated_memory_is_poisoned(Workspace& workspace) {
  if (!device::info(0).emulated) return;
  device::Scratch scratch(workspace.stream(), 10 * sizeof(float));
  for (int i = 0; i < 10; ++i) expect(std::isnan(scratch.as<float>()[i]), "new memory is NaN");
}

void copies_and_kernels_keep_their_order(Workspace& workspace) {
  constexpr size_t n = 1000, bytes = n * sizeof(float);
  device::Stream stream = workspace.stream();
  float* pinned = static_cast<float*>(device::allocate_pinned(bytes));
  for (size_t i = 0; i < n; ++i) pinned[i] = static_cast<float>(i);
  Array<float> first(workspace, n, 5.0f), second(workspace, n, 5.0f), one(workspace, 1, 1.0f);
  device::to_device(stream, first.data(), pinned, bytes);
  SIMT_LAUNCH(add, 8, 128, 0, stream, first.data(), static_cast<int>(n), one.data());
  device::copy(stream, second.data(), first.data(), bytes);
  device::zero(stream, first.data(), bytes / 2);
  device::to_host(stream, pinned, second.data(), bytes);
  device::wait(stream);
  device::check_launch("add");
  for (size_t i = 0; i < n; ++i) expect(pinned[i] == static_cast<float>(i + 1), "number " + std::to_string(i));
  const std::vector<float> rest = first.values();
  expect(rest[n / 2 - 1] == 0 && rest[n / 2] == n / 2 + 1, "half of it is zero");
  device::release_pinned(pinned);
}

void streams_wait_for_each_other(Workspace& workspace) {
  device::Stream other = device::create_stream();
  Array<float> number(workspace, 1, 1.0f), one(workspace, 1, 1.0f);
  for (int i = 0; i < 10; ++i) {
    device::Stream stream = i % 2 ? other : workspace.stream();
    SIMT_LAUNCH(add, 1, 1, 0, stream, number.data(), 1, one.data());
    device::order(stream, i % 2 ? workspace.stream() : other);
  }
  expect(number.values()[0] == 11.0f, "ten additions from two streams");
  device::wait(other);
  device::destroy_stream(other);
}

void events_tell_time(Workspace& workspace) {
  device::Event begin, end;
  begin.record(workspace.stream());
  Array<float> numbers(workspace, 1 << 16, 0.0f);
  end.record(workspace.stream());
  end.wait();
  const double seconds = end.seconds_since(begin);
  expect(seconds > 0 && seconds < 60, "time passed: " + std::to_string(seconds));
}

// A graph holds addresses and arguments, not what stands at the addresses.
void graphs_do_it_again(Workspace& workspace) {
  device::Stream stream = workspace.stream();
  Array<float> numbers(workspace, 100, 1.0f), copy(workspace, 100, 0.0f), amount(workspace, 1, 2.0f);
  device::Graph::begin(stream);
  SIMT_LAUNCH(add, 1, 128, 0, stream, numbers.data(), 100, amount.data());
  device::copy(stream, copy.data(), numbers.data(), 100 * sizeof(float));
  device::zero(stream, numbers.data(), 10 * sizeof(float));
  std::unique_ptr<device::Graph> graph(device::Graph::end(stream));
  expect(numbers.values() == std::vector<float>(100, 1.0f), "what is recorded is not done");
  graph->launch(stream);
  graph->launch(stream);
  expect(copy.values()[9] == 2 && copy.values()[10] == 5 && numbers.values()[9] == 0, "two launches");
  const float more = 10;
  device::to_device(stream, amount.data(), &more, sizeof(float));
  device::wait(stream);
  graph->launch(stream);
  expect(copy.values()[9] == 10 && copy.values()[10] == 15, "a launch with another amount");
}

void abandoned_recordings_leave_nothing(Workspace& workspace) {
  device::Stream stream = workspace.stream();
  Array<float> numbers(workspace, 10, 1.0f);
  device::Graph::begin(stream);
  device::zero(stream, numbers.data(), 10 * sizeof(float));
  device::Graph::abandon(stream);
  expect(numbers.values()[0] == 1, "nothing was done");
  device::zero(stream, numbers.data(), 10 * sizeof(float));
  expect(numbers.values()[0] == 0, "the stream works again");
}

void recording_allows_what_cuda_allows(Workspace& workspace) {
  if (!device::info(0).emulated) return;
  device::Stream stream = workspace.stream();
  device::Event event;
  device::Graph::begin(stream);
  expect(!message_of(ESP_INTERNAL, [&] { device::wait(stream); }).empty(), "no waiting");
  expect(!message_of(ESP_INTERNAL, [&] { device::allocate(stream, 1); }).empty(), "no allocation");
  expect(!message_of(ESP_INTERNAL, [&] { event.record(stream); }).empty(), "no events");
  expect(!message_of(ESP_INTERNAL, [&] { device::Graph::begin(stream); }).empty(), "no recording in a recording");
  device::Graph::abandon(stream);
}

}  // namespace

int main() {
  devices_describe_themselves();
  test::TestWorkspace workspace;
  memory_is_counted_and_runs_out(workspace);
  emulated_memory_is_poisoned(workspace);
  copies_and_kernels_keep_their_order(workspace);
  streams_wait_for_each_other(workspace);
  events_tell_time(workspace);
  graphs_do_it_again(workspace);
  abandoned_recordings_leave_nothing(workspace);
  recording_allows_what_cuda_allows(workspace);
  return test::result("device");
}
