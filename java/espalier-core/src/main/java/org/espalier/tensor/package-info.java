/* SPDX-License-Identifier: Apache-2.0 */
/** Feature-major tensors and the device memory that holds them. */
package org.espalier.tensor;
