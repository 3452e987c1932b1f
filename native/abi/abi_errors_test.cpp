/* SPDX-License-Identifier: Apache-2.0 */
// What the C interface answers to mistakes: a status, and a sentence that says where the mistake is.
#include "abi/test_session.h"

namespace espalier::test {
namespace {

constexpr int64_t FAR_TOO_MUCH = INT64_C(1) << 50;

void devices_that_are_not_there() {
  int32_t count = 0;
  Session::ok(esp_device_count(&count), "device count");
  esp_device_info info;
  int64_t context = 0;
  refused(esp_device(count, &info), ESP_NO_DEVICE, "no device " + std::to_string(count), "device past the last");
  refused(esp_open(-1, &context), ESP_NO_DEVICE, "no device -1", "open device -1");
  refused(esp_open(0, nullptr), ESP_BAD_ARGUMENT, "context is null", "open into null");
}

void contexts_that_are_closed() {
  Session session;
  session.close();
  int64_t address = 0;
  const std::string sentence = "no open context " + std::to_string(session.context);
  refused(esp_allocate(session.context, 8, &address), ESP_BAD_ARGUMENT, sentence, "allocate after close");
  refused(esp_close(session.context), ESP_BAD_ARGUMENT, sentence, "close twice");
  refused(esp_wait(0, 0), ESP_BAD_ARGUMENT, "no open context 0", "context 0");
}

void memory_that_is_not_there() {
  Session session;
  const int64_t held = session.allocate(64);
  int64_t address = 0;
  char byte = 0;
  refused(esp_allocate(session.context, FAR_TOO_MUCH, &address), ESP_OUT_OF_MEMORY,
          std::to_string(FAR_TOO_MUCH) + " bytes", "out of memory");
  refused(esp_allocate(session.context, -1, &address), ESP_BAD_ARGUMENT, "-1 bytes", "negative size");
  expect(session.counters().live_allocations == 1 && session.counters().live_bytes == 64, "no leak after a failure");
  refused(esp_release(session.context, held + 4), ESP_BAD_ARGUMENT, "No device memory begins", "release inside");
  Session::ok(esp_release(session.context, held), "release");
  refused(esp_release(session.context, held), ESP_BAD_ARGUMENT, "released already", "release twice");
  refused(esp_release_pinned(session.context, 4096), ESP_BAD_ARGUMENT, "No page-locked memory", "unknown pinned");
  const int64_t other = session.allocate(64);
  const std::vector<char> long_one(80);
  refused(esp_write(session.context, other, long_one.data(), 80), ESP_BAD_ARGUMENT, "64 bytes", "long write");
  refused(esp_read(session.context, other + 60, &byte, 5), ESP_BAD_ARGUMENT, "4 bytes", "long read");
  refused(esp_read(session.context, 0, &byte, 1), ESP_BAD_ARGUMENT, "address of a copy is 0", "read from 0");
  refused(esp_write(session.context, other, nullptr, 1), ESP_BAD_ARGUMENT, "source is null", "write from null");
  refused(esp_write(session.context, other, &byte, -1), ESP_BAD_ARGUMENT, "-1 bytes", "negative write");
}

void submissions_that_make_no_sense() {
  Session session;
  const int64_t device = session.allocate(64);
  const float* pinned = session.pinned(16);
  const auto host = reinterpret_cast<int64_t>(pinned);
  const std::vector<float> pageable(16);
  const auto not_pinned = reinterpret_cast<int64_t>(pageable.data());
  const struct {
    esp_transfer transfer;
    const char* part;
  } transfers[] = {{{device, host, -4}, "-4 bytes"},
                   {{0, host, 4}, "device address 0"},
                   {{device + 32, host, 64}, "only 32 are allocated from its device"},
                   {{device, host + 32, 64}, "only 32 are allocated from its page-locked"},
                   {{device, not_pinned, 64}, "only 0 are allocated from its page-locked"}};
  for (const auto& wrong : transfers) {
    esp_submission submission = {};
    submission.uploads = &wrong.transfer;
    submission.upload_count = 1;
    refused(esp_submit(session.context, &submission, 0, &session.ticket), ESP_BAD_ARGUMENT, wrong.part, "upload");
    submission.downloads = &wrong.transfer;
    submission.download_count = 1;
    submission.upload_count = 0;
    refused(esp_submit(session.context, &submission, 0, &session.ticket), ESP_BAD_ARGUMENT, "Download 1", "download");
  }
  esp_submission submission = {};
  submission.varying_count = 3;
  refused(esp_submit(session.context, &submission, 0, &session.ticket), ESP_BAD_ARGUMENT, "varying", "null list");
  refused(esp_submit(session.context, nullptr, 0, &session.ticket), ESP_BAD_ARGUMENT, "submission is null", "null");
  refused(session.try_submit(Words(), {}, 2), ESP_BAD_ARGUMENT, "Ticket 2", "a ticket of the future");
  refused(esp_wait(session.context, 1), ESP_BAD_ARGUMENT, "Ticket 1 was never given", "wait for the future");
  double seconds = 0;
  submission.varying_count = 0;
  refused(esp_time(session.context, &submission, 0, &seconds), ESP_BAD_ARGUMENT, "not 0", "no repeats");
  session.submit(Words(), {}, 1);
  expect(session.ticket == 1, "refused submissions take no ticket, and one may wait for itself");
}

/** Good commands that the following tests spoil one word at a time. */
struct Commands {
  explicit Commands(Session& session)
      : memory(session.allocate(1024)),
        spmm{{2, 3, 4, memory, memory, memory, 0}, 0, {memory, 3, 5, 16}, {memory + 512, 2, 5, 16}, {}, 0},
        fill{memory, 4, 0},
        sgd{memory, memory, memory, 4, {bits(0.9f), 0, 0, 0, 1}},
        rebuild{spmm.weights, memory, 0, 0, 0, 0, 0, 0, spmm.weights, 0} {}
  int64_t memory;
  esp_op_spmm spmm;
  esp_op_fill fill;
  esp_op_sgd sgd;
  esp_op_rebuild rebuild;
};

void commands_that_are_malformed() {
  Session session;
  const Commands good(session);
  Words words;
  words.add(ESP_OP_FILL, good.fill);
  words.add(ESP_OP_FILL, good.fill);
  session.submit(words);
  Words wrong = words;
  wrong[4] = 99 | INT64_C(4) << 32;
  refused(session.try_submit(wrong), ESP_BAD_ARGUMENT, "Command 2 has the unknown opcode 99", "opcode");
  wrong[4] = ESP_OP_FILL | INT64_C(5) << 32;
  refused(session.try_submit(wrong), ESP_BAD_ARGUMENT, "Command 2 (fill) has 5 words, but 4 were expected", "length");
  wrong[4] = ESP_OP_COPY;
  refused(session.try_submit(wrong), ESP_BAD_ARGUMENT, "Command 2 (copy) has 0 words", "length 0");
  wrong = Words().add(ESP_OP_FILL, esp_op_copy{good.memory, 1, 0});
  esp_submission cut = {};
  cut.commands = wrong.list().data();
  cut.command_words = 3;
  refused(esp_submit(session.context, &cut, 0, &session.ticket), ESP_BAD_ARGUMENT, "the submission ends", "cut off");
  esp_op_rebuild pairs = good.rebuild;
  pairs.state_count = 1;
  refused(session.try_submit(Words().add(ESP_OP_REBUILD, pairs)), ESP_BAD_ARGUMENT,
          "(rebuild): state_count is 1, but the number of pairs that follow is 0", "missing pairs");
  expect(session.counters().submissions == 1 && session.counters().commands == 2, "nothing that was refused ran");
}

void arguments_that_are_wrong() {
  Session session;
  const Commands good(session);
  using Fill = esp_op_fill;
  Spoiler<Fill>(session, ESP_OP_FILL, good.fill)
      .refuses("Command 1 (fill): target is 0", [](Fill& c) { c.target = 0; })
      .refuses("(fill): target is at address", [](Fill& c) { c.target += 2; })
      .refuses("(fill): count is -1", [](Fill& c) { c.count = -1; })
      .refuses("only 1024 bytes are allocated there", [](Fill& c) { c.count = 257; })
      .refuses("(fill): value is -1", [](Fill& c) { c.value = -1; });
  using Sgd = esp_op_sgd;
  Spoiler<Sgd>(session, ESP_OP_SGD, good.sgd, rate(0))
      .refuses("(sgd): velocity is 0, but momentum is not", [](Sgd& c) { c.velocity = 0; })
      .refuses("(sgd): rule.gradient_scale_at is 2, but the submission has 2 varying numbers",
               [](Sgd& c) { c.rule.gradient_scale_at = 2; })
      .refuses("gradient_scale_at is -1", [](Sgd& c) { c.rule.gradient_scale_at = -1; });
  const esp_op_copy overlapping = {good.memory, good.memory + 4, 8};
  refused(session.try_submit(Words().add(ESP_OP_COPY, overlapping)), ESP_BAD_ARGUMENT, "overlaps", "overlapping copy");
}

void what_is_read_off_weights_is_checked() {
  Session session;
  const int64_t memory = session.allocate(1024);
  const esp_csr weights = {2, 3, 4, memory, memory, memory, 0};
  using Score = esp_op_score;
  Spoiler<Score>(session, ESP_OP_SCORE, {weights, ESP_SCORE_TAYLOR, 0, memory, 0, memory + 512})
      .refuses("score is 4, which is not within 0 and 3", [](Score& c) { c.score = 4; })
      .refuses("(score): gradient_weight is not a number of at least 0",
               [](Score& c) { c.gradient_weight = bits(-0.5f); })
      .refuses("(score): gradient_weight is not a number of at least 0",
               [](Score& c) { c.gradient_weight = bits(std::nanf("")); })
      .refuses("(score): gradient is 0", [](Score& c) { c.gradient = 0; })
      .refuses("(score): scores needs 4 elements of 4 bytes, but only 12 bytes are allocated there",
               [](Score& c) { c.scores += 500; })
      .refuses("(score): weights.values is 0", [](Score& c) { c.weights.values = 0; });
  const Score reads_neither = {{2, 3, 4, memory, memory, 0, 0}, ESP_SCORE_RANDOM, 0, 0, 0, memory + 512};
  session.submit(Words().add(ESP_OP_SCORE, reads_neither));
  using Sum = esp_op_sum_of_magnitudes;
  Spoiler<Sum>(session, ESP_OP_SUM_OF_MAGNITUDES, {memory, 4, memory + 512})
      .refuses("(sum_of_magnitudes): n is -1", [](Sum& c) { c.n = -1; })
      .refuses("(sum_of_magnitudes): result is at address", [](Sum& c) { c.result += 4; });
  using Positions = esp_op_positions;
  Spoiler<Positions>(session, ESP_OP_POSITIONS, {weights, memory + 512})
      .refuses("(positions): positions needs 4 elements of 8 bytes, but only 24 bytes are allocated there",
               [](Positions& c) { c.positions += 488; });
}

/** Words seen before, but with fewer varying numbers than they need. */
void a_graph_does_not_read_numbers_that_are_missing() {
  Session session;
  const int64_t values = session.floats({0});
  const Words words = sgd_step(values, values, 1);
  for (int i = 0; i < 3; ++i) session.submit(words, rate(0));
  refused(session.try_submit(words, {0}), ESP_BAD_ARGUMENT, "gradient_scale_at is 1", "too few varying numbers");
}

void matrices_that_do_not_fit() {
  Session session;
  const Commands good(session);
  using Spmm = esp_op_spmm;
  Spoiler<Spmm>(session, ESP_OP_SPMM, good.spmm)
      .refuses("(spmm): x.stride is 17, but it must be a multiple of 16 and at least the 5 positions",
               [](Spmm& c) { c.x.stride = 17; })
      .refuses("x.stride is 16, but it must be a multiple of 16 and at least the 17 positions",
               [](Spmm& c) { c.x.positions = c.y.positions = 17; })
      .refuses("(spmm): y.address is", [](Spmm& c) { c.y.address += 32; })
      .refuses("y.address is 0", [](Spmm& c) { c.y.address = 0; })
      .refuses("x.rows is 4, but weights.columns is 3", [](Spmm& c) { c.x.rows = 4; })
      .refuses("y.positions is 6, but x.positions is 5", [](Spmm& c) { c.y.positions = 6; })
      .refuses("weights.rows is 2147483648", [](Spmm& c) { c.weights.rows = INT64_C(1) << 31; })
      .refuses("weights.nnz is 7, which is not within 0 and 6", [](Spmm& c) { c.weights.nnz = 7; })
      .refuses("weights.column is 0", [](Spmm& c) { c.weights.column = 0; })
      .refuses("tier is the slab tier, but the matrix has no slabs", [](Spmm& c) { c.tier = ESP_TIER_SLAB; })
      .refuses("tier is the slab tier, but the matrix has no slabs", [](Spmm& c) { c.tier = ESP_TIER_SLAB_16; })
      .refuses("tier is 8", [](Spmm& c) { c.tier = 8; })
      .refuses("epilogue.output.stride is 24",
               [&](Spmm& c) { c.epilogue = {ESP_EPILOGUE_GRADIENT, ESP_RELU, 0, good.memory, 24}; })
      .refuses("x.address needs 320 elements of 4 bytes", [](Spmm& c) { c.x.rows = c.weights.columns = 20; });
}

/** Two layers, one after the other. */
struct PruneTwo {
  esp_op_prune_magnitude head;
  int64_t values, nnz, keep;
  int64_t other_values, other_nnz, other_keep;
};

void layers_to_prune_that_do_not_fit() {
  Session session;
  const int64_t memory = session.allocate(1024);
  Spoiler<PruneTwo>(session, ESP_OP_PRUNE_MAGNITUDE,
                    {{3, 2}, memory, 4, memory + 256, memory + 512, 2, memory + 768})
      .refuses("Command 1 (prune_magnitude): count is 7, which is not within 0 and 6",
               [](PruneTwo& c) { c.head.count = 7; })
      .refuses("(prune_magnitude): count is -1", [](PruneTwo& c) { c.head.count = -1; })
      .refuses("layer_count is 3, but the number of triples that follow is 2",
               [](PruneTwo& c) { c.head.layer_count = 3; })
      .refuses("layer_count is -1", [](PruneTwo& c) { c.head.layer_count = -1; })
      .refuses("layer[0].nnz is -4", [](PruneTwo& c) { c.nnz = -4; })
      .refuses("layer[0].nnz is 2147483648", [](PruneTwo& c) { c.nnz = INT64_C(1) << 31; })
      .refuses("layer[0].values is 0, but an array of 4 elements is needed", [](PruneTwo& c) { c.values = 0; })
      .refuses("layer[0].keep is at address", [](PruneTwo& c) { c.keep += 2; })
      .refuses("layer[1].values needs 129 elements of 4 bytes, but only 512 bytes are allocated there",
               [](PruneTwo& c) { c.other_nnz = 129; })
      .refuses("layer[1].keep needs 65 elements of 4 bytes, but only 256 bytes are allocated there",
               [](PruneTwo& c) { c.other_nnz = 65; });
  const struct {
    esp_op_prune_magnitude head;
    int64_t values, nnz;
  } cut = {{0, 0}, memory, 4};
  refused(session.try_submit(Words().add(ESP_OP_PRUNE_MAGNITUDE, cut)), ESP_BAD_ARGUMENT,
          "layer_count is followed by a part of a triple", "part of a triple");
}

void connections_to_grow_that_do_not_fit() {
  Session session;
  const Commands of(session);
  using Grow = esp_op_grow_gradient;
  Spoiler<Grow>(session, ESP_OP_GROW_GRADIENT,
                {of.spmm.weights, of.memory, 4, of.spmm.x, of.spmm.y, 2, of.memory + 1008})
      .refuses("Command 1 (grow_gradient): count is 3, which is not within 0 and 2", [](Grow& c) { c.count = 3; })
      .refuses("(grow_gradient): count is -1", [](Grow& c) { c.count = -1; })
      .refuses("kept is 5, which is not within 0 and 4", [](Grow& c) { c.kept = 5; })
      .refuses("keep is 0", [](Grow& c) { c.keep = 0; })
      .refuses("positions is at address", [](Grow& c) { c.positions += 4; })
      .refuses("positions is 0, but an array of 2 elements is needed", [](Grow& c) { c.positions = 0; })
      .refuses("x.rows is 2, but weights.columns is 3", [](Grow& c) { c.x.rows = 2; })
      .refuses("dy.rows is 3, but weights.rows is 2", [](Grow& c) { c.dy.rows = 3; })
      .refuses("dy.positions is 6, but x.positions is 5", [](Grow& c) { c.dy.positions = 6; })
      .refuses("dy.address is", [](Grow& c) { c.dy.address += 32; })
      .refuses("weights.row_start is 0", [](Grow& c) { c.weights.row_start = 0; });
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  devices_that_are_not_there();
  contexts_that_are_closed();
  memory_that_is_not_there();
  submissions_that_make_no_sense();
  commands_that_are_malformed();
  arguments_that_are_wrong();
  what_is_read_off_weights_is_checked();
  a_graph_does_not_read_numbers_that_are_missing();
  matrices_that_do_not_fit();
  layers_to_prune_that_do_not_fit();
  connections_to_grow_that_do_not_fit();
  return result("abi_errors_test");
}
