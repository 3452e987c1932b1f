/* SPDX-License-Identifier: Apache-2.0 */
/** Sparse weights: connections in CSR form, their transposed copy, and the state that travels. */
package org.espalier.sparse;
