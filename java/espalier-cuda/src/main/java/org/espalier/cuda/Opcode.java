/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

/** Commands of {@code native/include/espalier.h}, which gives the words of each. */
enum Opcode {
  COPY(1),
  FILL(2),
  SPMM(10),
  SDDMM(11),
  SDDMM_SGD(12),
  GEMM(20),
  GEMM_TRANSPOSED(21),
  GEMM_GRADIENT(22),
  GATHER(30),
  ROW_SUMS(31),
  ACTIVATE(32),
  ACTIVATE_GRADIENT(33),
  SRELU(34),
  SRELU_GRADIENT(35),
  DROPOUT(36),
  CROSS_ENTROPY(40),
  SQUARED_ERROR(41),
  SGD(50),
  SUM_OF_SQUARES(51),
  SYNC_TRANSPOSED(52),
  RANDOM_CELLS(100),
  PRUNE_SIGNWISE(101),
  COUNT_KEPT(102),
  GROW_RANDOM(103),
  REBUILD(104),
  TRANSPOSE(105),
  SLABS(106),
  PRUNE_MAGNITUDE(107),
  GROW_GRADIENT(108),
  SCORE(109),
  SUM_OF_MAGNITUDES(110),
  POSITIONS(111);

  final int code;

  Opcode(int code) {
    this.code = code;
  }
}
