/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The C interface of Espalier's native library. Two libraries implement it: the CUDA one, and the emulated one, which
 * runs the same kernel sources on the CPU. It is loaded at run time, so nothing links against it.
 *
 * Conventions. Every function returns an esp_status; after anything but ESP_OK, esp_last_error() of the same thread says
 * in one sentence what was wrong. Device addresses and handles travel as int64_t. A context is used by one thread at a
 * time and owns one compute stream: everything asked of it happens in the order it was asked.
 */
#ifndef ESPALIER_H
#define ESPALIER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ESP_API __attribute__((visibility("default")))
#else
#define ESP_API
#endif

/* Changes with every change of this file that a caller could notice. */
#define ESP_ABI_VERSION 4

typedef int32_t esp_status;

enum {
  ESP_OK = 0,
  ESP_BAD_ARGUMENT = 1,       /* the caller's mistake: the message names the operation and the argument */
  ESP_OUT_OF_MEMORY = 2,      /* the message says what was asked and what is free */
  ESP_NO_DEVICE = 3,          /* no driver, or no device of that number */
  ESP_DRIVER_TOO_OLD = 4,     /* the driver does not support the runtime the library was built with */
  ESP_DEVICE_TOO_OLD = 5,     /* compute capability below 8.0 */
  ESP_LAUNCH_FAILED = 6,      /* the message names the operation */
  ESP_DEVICE_FAULT = 7,       /* an illegal access or the like, found later; the context is lost */
  ESP_MISSING_LIBRARY = 8,    /* a vendor library that is opened at run time is not there */
  ESP_INTERNAL = 9
};

typedef struct esp_device_info {
  char name[128];
  int32_t compute_major;
  int32_t compute_minor;
  int32_t multiprocessors;
  int32_t driver_version;   /* as CUDA writes it: 13000 for 13.0; 0 when emulated */
  int32_t runtime_version;
  int32_t emulated;         /* 1 for the emulator */
  int64_t total_bytes;
  int64_t free_bytes;
} esp_device_info;

ESP_API int32_t esp_abi_version(void);

/* The last error of the calling thread; valid until its next call. */
ESP_API const char* esp_last_error(void);

/* Number of devices; ESP_NO_DEVICE or ESP_DRIVER_TOO_OLD with the reason when there is none that can be used. */
ESP_API esp_status esp_device_count(int32_t* count);
ESP_API esp_status esp_device(int32_t device, esp_device_info* info);

/* A context on a device. Closing it waits for the work and gives back everything it still holds. */
ESP_API esp_status esp_open(int32_t device, int64_t* context);
ESP_API esp_status esp_close(int64_t context);

/* The compute stream as a CUDA handle, for vendor libraries that share it; 0 when emulated. */
ESP_API esp_status esp_stream(int64_t context, int64_t* stream);

/* Device memory, zeroed, on 256-byte boundaries. Released in stream order: pending work may still use it. */
ESP_API esp_status esp_allocate(int64_t context, int64_t bytes, int64_t* address);
ESP_API esp_status esp_release(int64_t context, int64_t address);
ESP_API esp_status esp_memory(int64_t context, int64_t* free_bytes, int64_t* total_bytes);

/* Host memory that copies run from and to without waiting (page-locked). */
ESP_API esp_status esp_allocate_pinned(int64_t context, int64_t bytes, int64_t* address);
ESP_API esp_status esp_release_pinned(int64_t context, int64_t address);

/* Plain copies, in order with the submissions. A write may return before it happened, but no longer needs the source;
   a read waits. */
ESP_API esp_status esp_write(int64_t context, int64_t address, const void* source, int64_t bytes);
ESP_API esp_status esp_read(int64_t context, int64_t address, void* target, int64_t bytes);

/* A copy between page-locked host memory and device memory, part of a submission. */
typedef struct esp_transfer {
  int64_t device;
  int64_t host;
  int64_t bytes;
} esp_transfer;

/*
 * Work to enqueue. It happens in this order: the uploads (on a copy stream of their own, so that they overlap the
 * computation before; the caller does not upload to memory that pending commands use), the commands, the downloads.
 *
 * Commands are words of 64 bits, see below. Numbers that change from one submission to the next (learning rate, keys)
 * are passed beside them: a command holds an index into `varying`. When the same commands come again they run as one
 * recorded graph.
 */
typedef struct esp_submission {
  const esp_transfer* uploads;
  int64_t upload_count;
  const int64_t* commands;
  int64_t command_words;
  const int64_t* varying;
  int64_t varying_count;
  const esp_transfer* downloads;
  int64_t download_count;
} esp_submission;

/*
 * Enqueues work, gives it the next ticket (1, 2, 3, ...) and then waits until the submission with ticket `wait_for` is
 * complete, downloads included; 0 waits for none.
 */
ESP_API esp_status esp_submit(int64_t context, const esp_submission* submission, int64_t wait_for, int64_t* ticket);

/* Waits for a ticket; for everything, if it is 0. */
ESP_API esp_status esp_wait(int64_t context, int64_t ticket);

/* With checking on, every command is waited for, so that a fault is blamed on the right one. Slow; for diagnosis. */
ESP_API esp_status esp_set_checking(int64_t context, int32_t on);

/* Counters since the context was opened. */
typedef struct esp_counters {
  int64_t submissions;
  int64_t commands;
  int64_t graphs_recorded;
  int64_t graph_launches;
  int64_t live_allocations;
  int64_t live_bytes;
} esp_counters;
ESP_API esp_status esp_read_counters(int64_t context, esp_counters* counters);

/* Seconds on the device that the commands take, the median of `repeats` runs of all of them; for benchmarks and tuning. */
ESP_API esp_status esp_time(int64_t context, const esp_submission* submission, int32_t repeats, double* seconds);

/* The order in which the emulator runs threads and blocks: 0 in order, otherwise shuffled by the seed. No effect on a
   real device. */
ESP_API esp_status esp_set_schedule(int64_t context, int64_t seed);

/*
 * Commands. The first word is `opcode | words << 32`, where words counts the whole command, then follows the struct of
 * that command, all members 64 bits. Floats travel as their 32 bits, zero-extended; doubles as their 64 bits; 0 is the
 * address of nothing. Members called `..._at` are indices into the varying numbers.
 */
enum {
  ESP_OP_COPY = 1,
  ESP_OP_FILL = 2,
  ESP_OP_SPMM = 10,
  ESP_OP_SDDMM = 11,
  ESP_OP_SDDMM_SGD = 12,
  ESP_OP_SPMM_TAPS = 13,
  ESP_OP_SPMM_TRANSPOSED_TAPS = 14,
  ESP_OP_SDDMM_TAPS = 15,
  ESP_OP_SDDMM_SGD_TAPS = 16,
  ESP_OP_GEMM = 20,
  ESP_OP_GEMM_TRANSPOSED = 21,
  ESP_OP_GEMM_GRADIENT = 22,
  ESP_OP_GEMM_TAPS = 23,
  ESP_OP_GEMM_TRANSPOSED_TAPS = 24,
  ESP_OP_GEMM_GRADIENT_TAPS = 25,
  ESP_OP_GATHER = 30,
  ESP_OP_ROW_SUMS = 31,
  ESP_OP_ACTIVATE = 32,
  ESP_OP_ACTIVATE_GRADIENT = 33,
  ESP_OP_SRELU = 34,
  ESP_OP_SRELU_GRADIENT = 35,
  ESP_OP_DROPOUT = 36,
  ESP_OP_CROSS_ENTROPY = 40,
  ESP_OP_SQUARED_ERROR = 41,
  ESP_OP_SGD = 50,
  ESP_OP_SUM_OF_SQUARES = 51,
  ESP_OP_SYNC_TRANSPOSED = 52,
  ESP_OP_TO_IMAGES = 60,
  ESP_OP_TO_FEATURES = 61,
  ESP_OP_COPY_IMAGES = 62,
  ESP_OP_ADD_IMAGES = 63,
  ESP_OP_SPLIT = 64,
  ESP_OP_JOIN = 65,
  ESP_OP_MAX_POOL = 66,
  ESP_OP_MAX_POOL_GRADIENT = 67,
  ESP_OP_AVERAGE_POOL = 68,
  ESP_OP_AVERAGE_POOL_GRADIENT = 69,
  ESP_OP_NORMALIZE = 70,
  ESP_OP_NORMALIZE_FIXED = 71,
  ESP_OP_NORMALIZE_GRADIENT = 72,
  /* From here on: topology. A submission that holds one of these is not recorded. */
  ESP_OP_FIRST_TOPOLOGY = 100,
  ESP_OP_RANDOM_CELLS = 100,
  ESP_OP_PRUNE_SIGNWISE = 101,
  ESP_OP_COUNT_KEPT = 102,
  ESP_OP_GROW_RANDOM = 103,
  ESP_OP_REBUILD = 104,
  ESP_OP_TRANSPOSE = 105,
  ESP_OP_SLABS = 106,
  ESP_OP_PRUNE_MAGNITUDE = 107,
  ESP_OP_GROW_GRADIENT = 108,
  ESP_OP_SCORE = 109,
  ESP_OP_SUM_OF_MAGNITUDES = 110,
  ESP_OP_POSITIONS = 111,
  ESP_OP_GROW_GRADIENT_TAPS = 112
};

/* How a sparse product is computed. */
enum {
  ESP_TIER_AUTO = 0,   /* by shape and density */
  ESP_TIER_GATHER = 1, /* rows of the dense operand straight from the second-level cache */
  ESP_TIER_SLAB = 2,   /* slabs of the dense operand staged in shared memory; needs `slabs` */
  ESP_TIER_DENSE = 3,  /* written out with its zeros, in memory that all layers share, and a dense product in single precision */
  ESP_TIER_TENSOR = 4, /* the same with factors rounded to tf32, on tensor cores; needs cuBLASLt */
  /* With the dense operands (x, dy) of the product rounded to bfloat16, in a copy. Weights, sums and results are floats,
     and the gradient of the bias is summed from dy as it is. */
  ESP_TIER_GATHER_16 = 5, /* as ESP_TIER_GATHER */
  ESP_TIER_SLAB_16 = 6,   /* as ESP_TIER_SLAB */
  ESP_TIER_AUTO_16 = 7    /* one of these two, by shape and density */
};

enum { ESP_RELU = 0, ESP_LEAKY_RELU = 1, ESP_SIGMOID = 2, ESP_TANH = 3 };

enum { ESP_EPILOGUE_NONE = 0, ESP_EPILOGUE_ACTIVATE = 1, ESP_EPILOGUE_GRADIENT = 2 };

enum { ESP_VALUES_ZERO = 0, ESP_VALUES_NORMAL = 1, ESP_VALUES_UNIFORM = 2 };

/* What a connection of weight w and gradient g is worth; every product, quotient and sum of two is rounded. */
enum {
  ESP_SCORE_MAGNITUDE_AND_GRADIENT = 0, /* |w| + gradient_weight * |g| */
  ESP_SCORE_TAYLOR = 1,                 /* |w * g| */
  ESP_SCORE_RELATIVE_IMPORTANCE = 2,    /* |w| over the sum of its row, plus |w| over that of its column; 0 / 0 is 0 */
  ESP_SCORE_RANDOM = 3                  /* 30 random bits of key and position, as the bits of a float */
};

/* A feature-major matrix of floats: row r starts at address + 4 * r * stride. Address and stride are multiples of 64 bytes. */
typedef struct esp_rows {
  int64_t address;
  int64_t rows;
  int64_t positions;
  int64_t stride;
} esp_rows;

/* A matrix in CSR form; columns ascend inside a row. */
typedef struct esp_csr {
  int64_t rows;
  int64_t columns;
  int64_t nnz;
  int64_t row_start; /* int32, rows + 1 */
  int64_t column;    /* int32, nnz */
  int64_t values;    /* float, nnz */
  int64_t slabs;     /* what ESP_OP_SLABS wrote for this pattern, or 0 */
} esp_csr;

typedef struct esp_epilogue {
  int64_t kind;
  int64_t activation;
  int64_t slope;         /* float */
  int64_t output;        /* address of the activation's output, for ESP_EPILOGUE_GRADIENT */
  int64_t output_stride;
} esp_epilogue;

typedef struct esp_sgd_rule {
  int64_t momentum;     /* float */
  int64_t nesterov;     /* 0 or 1 */
  int64_t weight_decay; /* float */
  int64_t learning_rate_at;  /* float */
  int64_t gradient_scale_at; /* float */
} esp_sgd_rule;

/* How images lie in a row: one after the other, each `lines` lines of `pitch` positions, its pixels at the beginning of
   the first `height` lines. What is not a pixel is the halo. */
typedef struct esp_grid {
  int64_t height;
  int64_t width;
  int64_t lines;
  int64_t pitch;
} esp_grid;

/*
 * What the columns of a convolution's weights read: for position p of the output, column c * count + t reads row
 * c * phases + phase[t] of the input at p + shift[t]. Inputs hold 0 where there is no pixel, and what a tap may reach
 * beyond both ends of them is allocated and 0. Results are written up to their stride: 0 where there is no pixel.
 */
typedef struct esp_taps {
  int64_t count;  /* taps of an input channel */
  int64_t phases; /* parts that the input was split into for a stride, 1 without one */
  int64_t table;  /* int32: of each tap phase and shift, phases ascending; then the first tap of each phase, and count */
  int64_t reach;  /* the largest magnitude of a shift */
  esp_grid input;
  esp_grid output; /* in the same lines */
} esp_taps;

typedef struct { int64_t target, source, bytes; } esp_op_copy;
typedef struct { int64_t target, count, value; } esp_op_fill; /* floats */

/* y[r,p] = f(bias[r] + sum over entries of row r of value * x[column,p]) */
typedef struct { esp_csr weights; int64_t bias; esp_rows x, y; esp_epilogue epilogue; int64_t tier; } esp_op_spmm;

/* gradient[k] = sum over p of dy[row k,p] * x[column k,p]; bias_gradient[r] = sum over p of dy[r,p], if not 0 */
typedef struct { esp_csr pattern; esp_rows x, dy; int64_t gradient, bias_gradient, tier; } esp_op_sddmm;

/* The same, followed by a step of ESP_OP_SGD on the values at once, which go to the transposed copy too (slot k), if
   transposed is not 0. gradient_scale_at is not used. */
typedef struct {
  esp_csr weights;
  esp_rows x, dy;
  int64_t velocity, bias_gradient, transposed, slot;
  esp_sgd_rule rule;
  int64_t tier;
} esp_op_sddmm_sgd;

/* The same with taps; x holds columns / count * phases rows. */
typedef struct { esp_csr weights; int64_t bias; esp_rows x, y; esp_epilogue epilogue; esp_taps taps; } esp_op_spmm_taps;
typedef struct { esp_csr pattern; esp_rows x, dy; int64_t gradient, bias_gradient; esp_taps taps; } esp_op_sddmm_taps;
typedef struct {
  esp_csr weights;
  esp_rows x, dy;
  int64_t velocity, bias_gradient, transposed, slot;
  esp_sgd_rule rule;
  esp_taps taps;
} esp_op_sddmm_sgd_taps;

/* The input gradient: dx[row(c), p + shift(c)] is the sum over the columns c that read it, which are rows of the
   transposed matrix, and over their entries of value * dy[column,p]; then the epilogue. */
typedef struct { esp_csr transposed; esp_rows dy, dx; esp_epilogue epilogue; esp_taps taps; } esp_op_spmm_transposed_taps;

typedef struct { int64_t weights, bias; esp_rows x, y; esp_epilogue epilogue; } esp_op_gemm;
typedef struct { int64_t weights; esp_rows dy, dx; esp_epilogue epilogue; } esp_op_gemm_transposed;
typedef struct { esp_rows x, dy; int64_t gradient; } esp_op_gemm_gradient;
typedef struct { int64_t weights, bias; esp_rows x, y; esp_epilogue epilogue; esp_taps taps; } esp_op_gemm_taps;
typedef struct { int64_t weights; esp_rows dy, dx; esp_epilogue epilogue; esp_taps taps; } esp_op_gemm_transposed_taps;
typedef struct { esp_rows x, dy; int64_t gradient; esp_taps taps; } esp_op_gemm_gradient_taps;

/* x[f,p] = scale[f] * samples[p * x.rows + f] + shift[f]; scaling holds all scales, then all shifts, or is 0 */
typedef struct { int64_t samples, scaling; esp_rows x; } esp_op_gather;
typedef struct { esp_rows dy; int64_t sums; } esp_op_row_sums;
typedef struct { int64_t activation, slope; esp_rows x, y; } esp_op_activate;
typedef struct { int64_t activation, slope; esp_rows x, y, dy, dx; } esp_op_activate_gradient;
typedef struct { int64_t parameters; esp_rows x, y; } esp_op_srelu;
typedef struct { int64_t parameters; esp_rows x, dy, dx; int64_t gradient; } esp_op_srelu_gradient;
typedef struct { int64_t threshold, scale, key_at; esp_rows x, y; } esp_op_dropout;

/* gradient.address 0: only the outcome is wanted. Otherwise a loss that is not finite makes the SGD commands that follow
   in the same submission do nothing, so that the parameters that led to it can still be looked at. */
typedef struct { esp_rows logits; int64_t labels, smoothing, gradient_scale; esp_rows gradient, outcome; } esp_op_cross_entropy;
typedef struct { esp_rows outputs; int64_t labels, gradient_scale; esp_rows gradient, outcome; } esp_op_squared_error;

typedef struct { int64_t values, gradient, velocity, n; esp_sgd_rule rule; } esp_op_sgd;
typedef struct { int64_t values, n, result; } esp_op_sum_of_squares; /* result: one double */
typedef struct { int64_t from, to, slot, nnz; } esp_op_sync_transposed; /* to[slot[k]] = from[k] */

/* Operations on images read nothing but pixels, and write rows up to their stride: 0 where there is no pixel. Grids of
   one operation may have different halos. */
typedef struct esp_images {
  esp_rows rows;
  esp_grid grid;
} esp_images;

/* Windows of pooling: output pixel (y, x) looks at height x width pixels from (y, x) * stride - padding on. */
typedef struct esp_window {
  int64_t height;
  int64_t width;
  int64_t stride;
  int64_t padding;
} esp_window;

/* Pixel (y, x) of channel c is feature (c * height + y) * width + x. */
typedef struct { esp_rows features; esp_images images; } esp_op_to_images;
typedef struct { esp_images images; esp_rows features; } esp_op_to_features;
typedef struct { esp_images x, y; } esp_op_copy_images;
typedef struct { esp_images a, b; int64_t relu; esp_images y; } esp_op_add_images; /* y may be a or b, in the same grid */

/* Row c * phases + i of y gets the pixels (stride * j + y, stride * k + x) of row c of x, where (y, x) is phase i, or 0
   where x ends. There are phases with those y whose bits are set in `lines`, and those x whose are in `columns`. */
typedef struct { esp_images x; int64_t stride, lines, columns; esp_images y; } esp_op_split;
typedef struct { esp_images y; int64_t stride, lines, columns; esp_images x; } esp_op_join; /* the other way round */

typedef struct { esp_window window; esp_images x, y; } esp_op_pool; /* ESP_OP_MAX_POOL, ESP_OP_AVERAGE_POOL */
/* dx gets the gradient of a window where the first of its largest pixels is. */
typedef struct { esp_window window; esp_images x, dy, dx; } esp_op_max_pool_gradient;
typedef struct { esp_window window; esp_images dy, dx; } esp_op_average_pool_gradient;

/* parameters: gamma of all rows, then beta; running: means, then variances; saved: means, then 1 / sqrt(variance +
   epsilon). epsilon and momentum are floats. */
typedef struct {
  int64_t epsilon, momentum, parameters, running, saved;
  esp_images x;
  int64_t relu;
  esp_images y;
} esp_op_normalize;
typedef struct {
  int64_t epsilon, parameters, running;
  esp_images x;
  int64_t relu;
  esp_images y;
} esp_op_normalize_fixed;
typedef struct {
  int64_t parameters, saved;
  esp_images x;
  int64_t relu;
  esp_images dy, dx;
  int64_t gradient;
} esp_op_normalize_gradient;

/* count distinct numbers of [0, cells), ascending: the first images of the keyed permutation */
typedef struct { int64_t cells, count, key, positions; } esp_op_random_cells;
/* keep: int32, nnz; pruned: one int64 */
typedef struct { int64_t values, nnz, fraction, keep, pruned; } esp_op_prune_signwise; /* fraction: double */
/* The count smallest magnitudes of all layers together. Followed by layer_count triples: values, nnz, keep. */
typedef struct { int64_t count, layer_count; } esp_op_prune_magnitude;
typedef struct { int64_t keep, nnz, kept; } esp_op_count_kept; /* kept: one int64 */
/* positions: int64, count ascending cells among those without a surviving connection; kept: number of survivors */
typedef struct { esp_csr weights; int64_t keep, kept, count, key, positions; } esp_op_grow_random;
/* The same, but the cells whose gradients, sum over p of dy[row,p] * x[column,p], are the largest in magnitude */
typedef struct { esp_csr weights; int64_t keep, kept; esp_rows x, dy; int64_t count, positions; } esp_op_grow_gradient;
typedef struct {
  esp_csr weights;
  int64_t keep, kept;
  esp_rows x, dy;
  int64_t count, positions;
  esp_taps taps;
} esp_op_grow_gradient_taps;
/* Followed by state_count pairs of addresses (old array, new array). The new matrix has room for what comes out. */
typedef struct {
  esp_csr old;
  int64_t keep, positions, grown;
  int64_t rule, scale, value_key; /* scale: float */
  int64_t keep_regrown;
  esp_csr merged;
  int64_t state_count;
} esp_op_rebuild;
typedef struct { esp_csr csr, transposed; int64_t slot; } esp_op_transpose;
/* slabs: int32, esp_slab_words(rows, columns) elements */
typedef struct { esp_csr csr; int64_t slabs; } esp_op_slabs;

/* gradient: read by the first two scores only; scores: nnz floats */
typedef struct { esp_csr weights; int64_t score, gradient_weight, gradient, key, scores; } esp_op_score;
/* result: one double; 1024 magnitudes at a time in their order, then these sums in theirs */
typedef struct { int64_t values, n, result; } esp_op_sum_of_magnitudes;
/* positions: int64, nnz canonical positions */
typedef struct { esp_csr pattern; int64_t positions; } esp_op_positions;

/* Number of int32 that ESP_OP_SLABS writes for a matrix of this shape. */
ESP_API int64_t esp_slab_words(int64_t rows, int64_t columns);

#ifdef __cplusplus
}
#endif

#endif
