/* SPDX-License-Identifier: Apache-2.0 */
// The functions of cuSPARSE that the backend `cusparse` calls, computed at once in host memory, in double precision. It
// takes nothing on trust that the real library would: descriptions that are not alive, shapes that do not fit, buffers
// that are missing or others than those prepared are answered with a status. Destroying the handle fails when
// descriptions are left.
//
// Built with the soname and the symbol version of the real library, so that whoever needs libcusparse.so.12 gets this one
// where it is loaded already.
#include <cstdint>
#include <cstring>
#include <set>

namespace {

constexpr int SUCCESS = 0;
constexpr int INVALID_VALUE = 3;
constexpr int EXECUTION_FAILED = 6;
constexpr int NOT_SUPPORTED = 10;

constexpr int NON_TRANSPOSE = 0;
constexpr int TRANSPOSE = 1;
constexpr int INDEX_32I = 2;
constexpr int BASE_ZERO = 0;
constexpr int R_32F = 0;
constexpr int ORDER_ROW = 2;
constexpr int SPMM_CSR_ALG2 = 6;
constexpr int SPMM_CSR_ALG3 = 12;
constexpr int SDDMM_DEFAULT = 0;

constexpr size_t BUFFER_BYTES = 40;

struct Sparse {
  int64_t rows, columns, nnz;
  const int32_t* row_start;
  const int32_t* column;
  float* values;
  const void* prepared;  // buffer of the last SpMM_preprocess
};

struct Dense {
  int64_t rows, columns, stride;
  float* values;
};

std::set<const void*> alive;

/** A dense matrix as an operation sees it. */
struct View {
  const Dense& matrix;
  bool transposed;

  int64_t rows() const { return transposed ? matrix.columns : matrix.rows; }
  int64_t columns() const { return transposed ? matrix.rows : matrix.columns; }
  double at(int64_t r, int64_t c) const {
    return transposed ? matrix.values[c * matrix.stride + r] : matrix.values[r * matrix.stride + c];
  }
};

bool is_alive(const void* description) { return alive.count(description) == 1; }

bool is_operation(int operation) { return operation == NON_TRANSPOSE || operation == TRANSPOSE; }

template <class T>
int destroy(T* description) {
  if (alive.erase(description) != 1) return INVALID_VALUE;
  delete description;
  return SUCCESS;
}

int check_spmm(int operation, int other, const Sparse* a, const Dense* b, const Dense* c, int type, int algorithm) {
  if (!is_alive(a) || !is_alive(b) || !is_alive(c)) return INVALID_VALUE;
  if (operation != NON_TRANSPOSE || !is_operation(other) || type != R_32F) return NOT_SUPPORTED;
  if (algorithm != SPMM_CSR_ALG2 && algorithm != SPMM_CSR_ALG3) return NOT_SUPPORTED;
  const View x{*b, other == TRANSPOSE};
  if (x.rows() != a->columns || c->rows != a->rows || c->columns != x.columns()) return INVALID_VALUE;
  return SUCCESS;
}

int check_sddmm(int operation, int other, const Dense* a, const Dense* b, const Sparse* c, int type, int algorithm) {
  if (!is_alive(a) || !is_alive(b) || !is_alive(c)) return INVALID_VALUE;
  if (!is_operation(operation) || !is_operation(other) || type != R_32F || algorithm != SDDMM_DEFAULT) return NOT_SUPPORTED;
  const View left{*a, operation == TRANSPOSE};
  const View right{*b, other == TRANSPOSE};
  if (left.rows() != c->rows || right.columns() != c->columns || left.columns() != right.rows()) return INVALID_VALUE;
  return SUCCESS;
}

/** alpha * sum + beta * old; what is multiplied by no beta is not read. */
float combined(const void* alpha, double sum, const void* beta, const float& old) {
  float a;
  float b;
  memcpy(&a, alpha, sizeof(a));
  memcpy(&b, beta, sizeof(b));
  return static_cast<float>(b == 0 ? a * sum : a * sum + static_cast<double>(b) * old);
}

int handle;  // there is nothing in it; its address is the handle

}  // namespace

extern "C" {

int cusparseCreate(void** result) {
  *result = &handle;
  return SUCCESS;
}

int cusparseDestroy(void*) { return alive.empty() ? SUCCESS : EXECUTION_FAILED; }

int cusparseSetStream(void*, void* stream) { return stream ? INVALID_VALUE : SUCCESS; }

int cusparseGetVersion(void*, int* version) {
  *version = 12309;
  return SUCCESS;
}

int cusparseCreateCsr(Sparse** result, int64_t rows, int64_t columns, int64_t nnz, void* row_start, void* column,
                      void* values, int start_type, int column_type, int base, int type) {
  if (start_type != INDEX_32I || column_type != INDEX_32I || base != BASE_ZERO || type != R_32F) return NOT_SUPPORTED;
  if (rows < 0 || columns < 0 || nnz < 0 || !row_start || !column || !values) return INVALID_VALUE;
  *result = new Sparse{rows, columns, nnz, static_cast<int32_t*>(row_start), static_cast<int32_t*>(column),
                       static_cast<float*>(values), nullptr};
  alive.insert(*result);
  return SUCCESS;
}

int cusparseSpMatSetValues(Sparse* sparse, void* values) {
  if (!is_alive(sparse) || !values) return INVALID_VALUE;
  sparse->values = static_cast<float*>(values);
  return SUCCESS;
}

int cusparseDestroySpMat(Sparse* sparse) { return destroy(sparse); }

int cusparseCreateDnMat(Dense** result, int64_t rows, int64_t columns, int64_t stride, void* values, int type, int order) {
  if (type != R_32F || order != ORDER_ROW) return NOT_SUPPORTED;
  if (rows < 0 || columns < 0 || stride < columns || !values) return INVALID_VALUE;
  *result = new Dense{rows, columns, stride, static_cast<float*>(values)};
  alive.insert(*result);
  return SUCCESS;
}

int cusparseDnMatSetValues(Dense* dense, void* values) {
  if (!is_alive(dense) || !values) return INVALID_VALUE;
  dense->values = static_cast<float*>(values);
  return SUCCESS;
}

int cusparseDestroyDnMat(Dense* dense) { return destroy(dense); }

int cusparseSpMM_bufferSize(void*, int operation, int other, const void*, const Sparse* a, const Dense* b, const void*,
                            Dense* c, int type, int algorithm, size_t* bytes) {
  *bytes = algorithm == SPMM_CSR_ALG3 ? BUFFER_BYTES : 0;
  return check_spmm(operation, other, a, b, c, type, algorithm);
}

int cusparseSpMM_preprocess(void*, int operation, int other, const void*, Sparse* a, const Dense* b, const void*, Dense* c,
                            int type, int algorithm, void* buffer) {
  const int status = check_spmm(operation, other, a, b, c, type, algorithm);
  if (status != SUCCESS) return status;
  if (!buffer) return INVALID_VALUE;
  memset(buffer, 1, BUFFER_BYTES);
  a->prepared = buffer;
  return SUCCESS;
}

int cusparseSpMM(void*, int operation, int other, const void* alpha, const Sparse* a, const Dense* b, const void* beta,
                 Dense* c, int type, int algorithm, void* buffer) {
  const int status = check_spmm(operation, other, a, b, c, type, algorithm);
  if (status != SUCCESS) return status;
  if (algorithm == SPMM_CSR_ALG3 && a->prepared != buffer) return INVALID_VALUE;
  const View x{*b, other == TRANSPOSE};
  for (int64_t r = 0; r < a->rows; ++r) {
    for (int64_t p = 0; p < c->columns; ++p) {
      double sum = 0;
      for (int32_t k = a->row_start[r]; k < a->row_start[r + 1]; ++k) sum += a->values[k] * x.at(a->column[k], p);
      float& result = c->values[r * c->stride + p];
      result = combined(alpha, sum, beta, result);
    }
  }
  return SUCCESS;
}

int cusparseSDDMM_bufferSize(void*, int operation, int other, const void*, const Dense* a, const Dense* b, const void*,
                             Sparse* c, int type, int algorithm, size_t* bytes) {
  *bytes = BUFFER_BYTES;
  return check_sddmm(operation, other, a, b, c, type, algorithm);
}

int cusparseSDDMM(void*, int operation, int other, const void* alpha, const Dense* a, const Dense* b, const void* beta,
                  Sparse* c, int type, int algorithm, void* buffer) {
  const int status = check_sddmm(operation, other, a, b, c, type, algorithm);
  if (status != SUCCESS) return status;
  if (!buffer) return INVALID_VALUE;
  memset(buffer, 1, BUFFER_BYTES);
  const View left{*a, operation == TRANSPOSE};
  const View right{*b, other == TRANSPOSE};
  for (int64_t r = 0; r < c->rows; ++r) {
    for (int32_t k = c->row_start[r]; k < c->row_start[r + 1]; ++k) {
      double sum = 0;
      for (int64_t p = 0; p < left.columns(); ++p) sum += left.at(r, p) * right.at(p, c->column[k]);
      c->values[k] = combined(alpha, sum, beta, c->values[k]);
    }
  }
  return SUCCESS;
}

}  // extern "C"
