/* SPDX-License-Identifier: Apache-2.0 */
// What the C interface does when all is well; abi_errors_test.cpp has the rest.
#include "abi/test_session.h"

namespace espalier::test {
namespace {

void expect_floats(const std::vector<float>& actual, const std::vector<float>& expected, const std::string& what) {
  expect(actual == expected, what);
}

void devices_are_described() {
  int32_t count = 0;
  Session::ok(esp_device_count(&count), "device count");
  expect(count >= 1, "at least one device");
  esp_device_info info = {};
  Session::ok(esp_device(0, &info), "device info");
  expect(strlen(info.name) > 0 && info.total_bytes > 0 && info.free_bytes > 0, "a device has a name and memory");
  expect(esp_abi_version() == ESP_ABI_VERSION, "version of the interface");
  Session session;
  int64_t free_bytes = 0;
  int64_t total_bytes = 0;
  Session::ok(esp_memory(session.context, &free_bytes, &total_bytes), "memory");
  expect(0 < free_bytes && free_bytes <= total_bytes, "free memory");
  int64_t stream = -1;
  Session::ok(esp_stream(session.context, &stream), "stream");
  expect((stream == 0) == (info.emulated == 1), "only a real device has a stream to share");
}

void memory_is_zeroed_and_accounted() {
  Session session;
  const int64_t first = session.allocate(400);
  const int64_t empty = session.allocate(0);
  expect(first % 256 == 0 && empty != 0 && empty != first, "addresses");
  expect_floats(session.read(first, 100), std::vector<float>(100, 0.0f), "memory is zeroed");
  const float three[] = {1, 2, 3};
  Session::ok(esp_write(session.context, first + 8, three, 12), "write in the middle");
  expect_floats(session.read(first, 6), {0, 0, 1, 2, 3, 0}, "what was written is read");
  expect(session.counters().live_allocations == 2 && session.counters().live_bytes == 400, "two live allocations");
  Session::ok(esp_release(session.context, first), "release");
  expect(session.counters().live_allocations == 1 && session.counters().live_bytes == 0, "one live allocation");
}

void commands_run_in_order() {
  Session session;
  const int64_t a = session.allocate(5000 * 4);
  const int64_t b = session.allocate(5000 * 4);
  Words words;
  words.add(ESP_OP_FILL, esp_op_fill{a, 5000, bits(2.5f)})
      .add(ESP_OP_COPY, esp_op_copy{b, a, 4999 * 4})
      .add(ESP_OP_FILL, esp_op_fill{a + 4, 2, bits(1.0f)})
      .add(ESP_OP_FILL, esp_op_fill{0, 0, 0})
      .add(ESP_OP_COPY, esp_op_copy{0, 0, 0});
  session.submit(words);
  std::vector<float> expected(5000, 2.5f);
  expected[1] = expected[2] = 1;
  expect_floats(session.read(a, 5000), expected, "fill");
  expected.assign(5000, 2.5f);
  expected[4999] = 0;
  expect_floats(session.read(b, 5000), expected, "copy");
  expect(session.counters().commands == 5 && session.counters().submissions == 1, "commands are counted");
}

/** More submissions than fit the ring, each with a buffer of two for its upload and a download of its result. */
void uploads_and_downloads_belong_to_their_submission() {
  constexpr int STEPS = 50;
  constexpr int64_t N = 100;
  Session session;
  const int64_t on_device[] = {session.allocate(N * 4), session.allocate(N * 4)};
  const int64_t sum = session.floats(std::vector<float>(N, 0.0f));
  float* sources = session.pinned(2 * N);
  float* targets = session.pinned(2 * N);
  float expected = 0;
  for (int step = 0; step < STEPS; ++step) {
    const int half = step % 2;
    float* source = sources + half * N;
    const float* target = targets + half * N;
    // the submission before last, which used this half, is over
    if (step >= 2) expect(target[N - 1] == expected - step, "download of step " + std::to_string(step - 2));
    std::fill(source, source + N, static_cast<float>(step + 1));
    expected += static_cast<float>(step + 1);
    const Words words = sgd_step(sum, on_device[half], N);
    const std::vector<int64_t> varying = rate(-1);
    const esp_transfer upload = {on_device[half], reinterpret_cast<int64_t>(source), N * 4};
    const esp_transfer download = {sum, reinterpret_cast<int64_t>(target), N * 4};
    esp_submission submission = {};
    Session::fill(submission, words, varying);
    submission.uploads = &upload;
    submission.upload_count = 1;
    submission.downloads = &download;
    submission.download_count = 1;
    Session::ok(esp_submit(session.context, &submission, step, &session.ticket), "submit");
    expect(session.ticket == step + 1, "tickets count from 1");
  }
  Session::ok(esp_wait(session.context, STEPS), "wait for the last one");
  expect(targets[(STEPS - 1) % 2 * N] == expected, "last download");
  Session::ok(esp_wait(session.context, 1), "wait for one that is long over");
  Session::ok(esp_wait(session.context, 0), "wait for everything");
  Session::ok(esp_release_pinned(session.context, reinterpret_cast<int64_t>(sources)), "release pinned");
}

void repeated_words_become_a_graph_that_reads_the_varying_numbers() {
  Session session;
  const int64_t values = session.floats({0, 0, 0});
  const int64_t gradient = session.floats({1, 2, 3});
  const Words words = sgd_step(values, gradient, 3);
  float expected = 0;
  for (int step = 1; step <= 40; ++step) {  // without waiting: more of them than fit the ring
    session.submit(words, rate(-static_cast<float>(step)));
    expected += static_cast<float>(step);
    const esp_counters counters = session.counters();
    expect(counters.graphs_recorded == (step < 2 ? 0 : 1) && counters.graph_launches == step - 1, "graphs");
    expect(counters.commands == step, "commands of graphs are counted");
  }
  expect_floats(session.read(values, 3), {expected, 2 * expected, 3 * expected}, "every replay took its own number");
}

void graphs_survive_what_they_may_and_no_more() {
  Session session;
  const int64_t values = session.floats({0});
  const int64_t gradient = session.floats({1});
  const Words words = sgd_step(values, gradient, 1);
  for (int i = 0; i < 3; ++i) session.submit(words, rate(-1));
  std::vector<int64_t> many = rate(-1);
  many.resize(1000);
  session.submit(words, many);  // the array on the device moves
  expect(session.counters().graphs_recorded == 2, "varying numbers that move drop the graph");
  session.submit(words, rate(-1));
  expect(session.counters().graphs_recorded == 2, "and it is not dropped again");
  for (int64_t i = 0; i < 20; ++i) {
    session.submit(Words().add(ESP_OP_FILL, esp_op_fill{gradient, 1, bits(static_cast<float>(i))}));
  }
  session.submit(Words().add(ESP_OP_FILL, esp_op_fill{gradient, 1, bits(1.0f)}));
  session.submit(words, rate(-1));
  session.submit(words, rate(-1));
  expect(session.counters().graphs_recorded == 3, "what was not used for long is seen anew, then recorded again");
  expect_floats(session.read(values, 1), {7}, "none of it changes results");
  session.submit(Words());
  session.submit(Words());
  expect(session.counters().graphs_recorded == 3, "nothing is not recorded");
}

void topology_is_never_recorded() {
  Session session;
  const int64_t keep = session.allocate(10 * 4);
  const int64_t kept = session.allocate(8);
  for (int i = 0; i < 4; ++i) session.submit(Words().add(ESP_OP_COUNT_KEPT, esp_op_count_kept{keep, 10, kept}));
  expect(session.counters().graphs_recorded == 0 && session.counters().graph_launches == 0, "no graph of topology");
}

void a_loss_that_is_not_finite_halts_its_own_submission_only() {
  Session session;
  const int64_t values = session.floats({5});
  const int64_t one = session.floats({1});
  const int64_t labels = session.allocate(4);
  const int64_t logits = session.floats(std::vector<float>(32, std::nanf("")));
  const int64_t gradient = session.allocate(32 * 4);
  const int64_t outcome = session.allocate(32 * 4);
  Words words;
  words.add(ESP_OP_CROSS_ENTROPY, esp_op_cross_entropy{{logits, 2, 1, 16}, labels, 0, bits(1.0f), {gradient, 2, 1, 16},
                                                       {outcome, 2, 1, 16}});
  words.add(ESP_OP_SGD, esp_op_sgd{values, one, 0, 1, {0, 0, 0, 0, 1}});
  for (int i = 0; i < 3; ++i) session.submit(words, rate(1));  // directly, recorded, replayed
  expect_floats(session.read(values, 1), {5}, "no step after a loss that is not finite");
  session.submit(sgd_step(values, one, 1), rate(1));
  expect_floats(session.read(values, 1), {4}, "the next submission does its step");
}

void checking_runs_directly() {
  Session session;
  const int64_t values = session.floats({0});
  const int64_t gradient = session.floats({1});
  Session::ok(esp_set_checking(session.context, 1), "checking on");
  for (int i = 0; i < 4; ++i) session.submit(sgd_step(values, gradient, 1), rate(-1));
  expect(session.counters().graphs_recorded == 0, "no graphs while checking");
  Session::ok(esp_set_checking(session.context, 0), "checking off");
  for (int i = 0; i < 3; ++i) session.submit(sgd_step(values, gradient, 1), rate(-1));
  expect(session.counters().graphs_recorded == 1, "graphs again");
  expect_floats(session.read(values, 1), {7}, "checking changes no result");
}

void timing_repeats_the_commands() {
  Session session;
  const int64_t values = session.floats({0});
  const int64_t gradient = session.floats({1});
  const Words words = sgd_step(values, gradient, 1);
  const std::vector<int64_t> varying = rate(-1);
  esp_submission submission = {};
  Session::fill(submission, words, varying);
  double seconds = -1;
  Session::ok(esp_time(session.context, &submission, 4, &seconds), "time");
  expect(seconds >= 0 && seconds < 10, "a time");
  expect_floats(session.read(values, 1), {5}, "once to warm up, then as often as was asked");
  expect(session.counters().submissions == 0, "a timing takes no ticket");
}

void contexts_are_apart() {
  Session first;
  Session second;
  const int64_t a = first.floats({0});
  const int64_t b = second.floats({0});
  const int64_t one = first.floats({1});
  const int64_t ten = second.floats({10});
  for (int i = 0; i < 20; ++i) {
    first.submit(sgd_step(a, one, 1), rate(-1));
    second.submit(sgd_step(b, ten, 1), rate(-2));
  }
  first.close();
  expect_floats(second.read(b, 1), {400}, "the second context outlives the first");
  expect(second.counters().live_allocations == 2 && second.ticket == 20, "counters and tickets are its own");
}

void schedules_change_no_result() {
  Session session;
  const int64_t target = session.allocate(10000 * 4);
  Session::ok(esp_set_schedule(session.context, 7), "schedule");
  session.submit(Words().add(ESP_OP_FILL, esp_op_fill{target, 9999, bits(1.5f)}));
  std::vector<float> expected(10000, 1.5f);
  expected[9999] = 0;
  expect_floats(session.read(target, 10000), expected, "fill in a shuffled order");
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  devices_are_described();
  memory_is_zeroed_and_accounted();
  commands_run_in_order();
  uploads_and_downloads_belong_to_their_submission();
  repeated_words_become_a_graph_that_reads_the_varying_numbers();
  graphs_survive_what_they_may_and_no_more();
  topology_is_never_recorded();
  a_loss_that_is_not_finite_halts_its_own_submission_only();
  checking_runs_directly();
  timing_repeats_the_commands();
  contexts_are_apart();
  schedules_change_no_result();
  return result("abi_test");
}
