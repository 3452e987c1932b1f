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
        rebuild{spmm.weights, memory, 0, 0, 0, 0, 0, 0, spmm.weights, 0},
        score{spmm.weights, ESP_SCORE_TAYLOR, 0, memory, 0, memory + 512},
        sum{memory, 4, memory + 512},
        positions{spmm.weights, memory + 512} {}
  int64_t memory;
  esp_op_spmm spmm;
  esp_op_fill fill;
  esp_op_sgd sgd;
  esp_op_rebuild rebuild;
  esp_op_score score;
  esp_op_sum_of_magnitudes sum;
  esp_op_positions positions;
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

template <class T>
void spoiled(Session& session, int64_t opcode, T command, int64_t T::*member, int64_t value, const std::string& part) {
  command.*member = value;
  refused(session.try_submit(Words().add(opcode, command), rate(1)), ESP_BAD_ARGUMENT, part, part);
}

void arguments_that_are_wrong() {
  Session session;
  const Commands good(session);
  session.submit(Words().add(ESP_OP_FILL, good.fill).add(ESP_OP_SGD, good.sgd), rate(0));
  spoiled(session, ESP_OP_FILL, good.fill, &esp_op_fill::target, 0, "Command 1 (fill): target is 0");
  spoiled(session, ESP_OP_FILL, good.fill, &esp_op_fill::target, good.memory + 2, "(fill): target is at address");
  spoiled(session, ESP_OP_FILL, good.fill, &esp_op_fill::count, -1, "(fill): count is -1");
  spoiled(session, ESP_OP_FILL, good.fill, &esp_op_fill::count, 257, "only 1024 bytes are allocated there");
  spoiled(session, ESP_OP_FILL, good.fill, &esp_op_fill::value, -1, "(fill): value is -1");
  spoiled(session, ESP_OP_SGD, good.sgd, &esp_op_sgd::velocity, 0, "(sgd): velocity is 0, but momentum is not");
  esp_op_sgd sgd = good.sgd;
  sgd.rule.gradient_scale_at = 2;
  refused(session.try_submit(Words().add(ESP_OP_SGD, sgd), rate(1)), ESP_BAD_ARGUMENT,
          "(sgd): rule.gradient_scale_at is 2, but the submission has 2 varying numbers", "index of a varying number");
  sgd.rule.gradient_scale_at = -1;
  refused(session.try_submit(Words().add(ESP_OP_SGD, sgd), rate(1)), ESP_BAD_ARGUMENT, "gradient_scale_at is -1",
          "index -1");
  const esp_op_copy overlapping = {good.memory, good.memory + 4, 8};
  refused(session.try_submit(Words().add(ESP_OP_COPY, overlapping)), ESP_BAD_ARGUMENT, "overlaps", "overlapping copy");
}

void what_is_read_off_weights_is_checked() {
  Session session;
  const Commands good(session);
  session.submit(Words()
                     .add(ESP_OP_SCORE, good.score)
                     .add(ESP_OP_SUM_OF_MAGNITUDES, good.sum)
                     .add(ESP_OP_POSITIONS, good.positions));
  spoiled(session, ESP_OP_SCORE, good.score, &esp_op_score::score, 4, "score is 4, which is not within 0 and 3");
  spoiled(session, ESP_OP_SCORE, good.score, &esp_op_score::gradient_weight, bits(-0.5f),
          "(score): gradient_weight is not a number of at least 0");
  spoiled(session, ESP_OP_SCORE, good.score, &esp_op_score::gradient_weight, bits(std::nanf("")),
          "(score): gradient_weight is not a number of at least 0");
  spoiled(session, ESP_OP_SCORE, good.score, &esp_op_score::gradient, 0, "(score): gradient is 0");
  spoiled(session, ESP_OP_SCORE, good.score, &esp_op_score::scores, good.memory + 1012,
          "(score): scores needs 4 elements of 4 bytes, but only 12 bytes are allocated there");
  esp_op_score score = good.score;
  score.weights.values = 0;
  refused(session.try_submit(Words().add(ESP_OP_SCORE, score)), ESP_BAD_ARGUMENT, "(score): weights.values is 0",
          "a score without values");
  score.score = ESP_SCORE_RANDOM;
  score.gradient = 0;
  session.submit(Words().add(ESP_OP_SCORE, score));  // which reads neither
  spoiled(session, ESP_OP_SUM_OF_MAGNITUDES, good.sum, &esp_op_sum_of_magnitudes::n, -1, "magnitudes): n is -1");
  spoiled(session, ESP_OP_SUM_OF_MAGNITUDES, good.sum, &esp_op_sum_of_magnitudes::result, good.memory + 4,
          "(sum_of_magnitudes): result is at address");
  spoiled(session, ESP_OP_POSITIONS, good.positions, &esp_op_positions::positions, good.memory + 1000,
          "(positions): positions needs 4 elements of 8 bytes, but only 24 bytes are allocated there");
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
  const auto refuse = [&](const esp_op_spmm& spmm, const char* part) {
    refused(session.try_submit(Words().add(ESP_OP_SPMM, spmm)), ESP_BAD_ARGUMENT, part, part);
  };
  esp_op_spmm spmm = good.spmm;
  spmm.x.stride = 17;
  refuse(spmm, "(spmm): x.stride is 17, but it must be a multiple of 16 and at least the 5 positions");
  spmm = good.spmm;
  spmm.x.positions = spmm.y.positions = 17;
  refuse(spmm, "x.stride is 16, but it must be a multiple of 16 and at least the 17 positions");
  spmm = good.spmm;
  spmm.y.address += 32;
  refuse(spmm, "(spmm): y.address is");
  spmm = good.spmm;
  spmm.y.address = 0;
  refuse(spmm, "y.address is 0");
  spmm = good.spmm;
  spmm.x.rows = 4;
  refuse(spmm, "x.rows is 4, but weights.columns is 3");
  spmm = good.spmm;
  spmm.y.positions = 6;
  refuse(spmm, "y.positions is 6, but x.positions is 5");
  spmm = good.spmm;
  spmm.weights.rows = INT64_C(1) << 31;
  refuse(spmm, "weights.rows is 2147483648");
  spmm = good.spmm;
  spmm.weights.nnz = 7;
  refuse(spmm, "weights.nnz is 7, which is not within 0 and 6");
  spmm = good.spmm;
  spmm.weights.column = 0;
  refuse(spmm, "weights.column is 0");
  spmm = good.spmm;
  spmm.tier = ESP_TIER_SLAB;
  refuse(spmm, "tier is the slab tier, but the matrix has no slabs");
  spmm.tier = ESP_TIER_SLAB_16;
  refuse(spmm, "tier is the slab tier, but the matrix has no slabs");
  spmm.tier = 8;
  refuse(spmm, "tier is 8");
  spmm = good.spmm;
  spmm.epilogue = {ESP_EPILOGUE_GRADIENT, ESP_RELU, 0, good.memory, 24};
  refuse(spmm, "epilogue.output.stride is 24");
  spmm = good.spmm;
  spmm.x.rows = spmm.weights.columns = 20;
  refuse(spmm, "x.address needs 320 elements of 4 bytes");
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
  const PruneTwo good = {{3, 2}, memory, 4, memory + 256, memory + 512, 2, memory + 768};
  session.submit(Words().add(ESP_OP_PRUNE_MAGNITUDE, good));
  const auto refuse = [&](const PruneTwo& prune, const char* part) {
    refused(session.try_submit(Words().add(ESP_OP_PRUNE_MAGNITUDE, prune)), ESP_BAD_ARGUMENT, part, part);
  };
  PruneTwo prune = good;
  prune.head.count = 7;
  refuse(prune, "Command 1 (prune_magnitude): count is 7, which is not within 0 and 6");
  prune.head.count = -1;
  refuse(prune, "(prune_magnitude): count is -1");
  prune = good;
  prune.head.layer_count = 3;
  refuse(prune, "layer_count is 3, but the number of triples that follow is 2");
  prune.head.layer_count = -1;
  refuse(prune, "layer_count is -1");
  prune = good;
  prune.nnz = -4;
  refuse(prune, "layer[0].nnz is -4");
  prune.nnz = INT64_C(1) << 31;
  refuse(prune, "layer[0].nnz is 2147483648");
  prune = good;
  prune.values = 0;
  refuse(prune, "layer[0].values is 0, but an array of 4 elements is needed");
  prune = good;
  prune.keep += 2;
  refuse(prune, "layer[0].keep is at address");
  prune = good;
  prune.other_nnz = 129;
  refuse(prune, "layer[1].values needs 129 elements of 4 bytes, but only 512 bytes are allocated there");
  prune.other_nnz = 65;
  refuse(prune, "layer[1].keep needs 65 elements of 4 bytes, but only 256 bytes are allocated there");
  const struct {
    esp_op_prune_magnitude head;
    int64_t values, nnz;
  } cut = {{0, 0}, memory, 4};
  refused(session.try_submit(Words().add(ESP_OP_PRUNE_MAGNITUDE, cut)), ESP_BAD_ARGUMENT,
          "layer_count is followed by a part of a triple", "part of a triple");
}

void connections_to_grow_that_do_not_fit() {
  Session session;
  const Commands commands(session);
  const int64_t memory = commands.memory;
  const esp_op_grow_gradient good = {commands.spmm.weights, memory, 4, commands.spmm.x, commands.spmm.y, 2, memory};
  const auto refuse = [&](const esp_op_grow_gradient& grow, const char* part) {
    refused(session.try_submit(Words().add(ESP_OP_GROW_GRADIENT, grow)), ESP_BAD_ARGUMENT, part, part);
  };
  esp_op_grow_gradient grow = good;
  grow.count = 3;
  refuse(grow, "Command 1 (grow_gradient): count is 3, which is not within 0 and 2");
  grow.count = -1;
  refuse(grow, "(grow_gradient): count is -1");
  grow = good;
  grow.kept = 5;
  refuse(grow, "kept is 5, which is not within 0 and 4");
  grow = good;
  grow.keep = 0;
  refuse(grow, "keep is 0");
  grow = good;
  grow.positions += 4;
  refuse(grow, "positions is at address");
  grow = good;
  grow.positions = 0;
  refuse(grow, "positions is 0, but an array of 2 elements is needed");
  grow = good;
  grow.x.rows = 2;
  refuse(grow, "x.rows is 2, but weights.columns is 3");
  grow = good;
  grow.dy.rows = 3;
  refuse(grow, "dy.rows is 3, but weights.rows is 2");
  grow = good;
  grow.dy.positions = 6;
  refuse(grow, "dy.positions is 6, but x.positions is 5");
  grow = good;
  grow.dy.address += 32;
  refuse(grow, "dy.address is");
  grow = good;
  grow.weights.row_start = 0;
  refuse(grow, "weights.row_start is 0");
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
