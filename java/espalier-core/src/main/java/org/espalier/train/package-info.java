/* SPDX-License-Identifier: Apache-2.0 */
/** The training loop: samples in, listeners told, checkpoints out. */
package org.espalier.train;
