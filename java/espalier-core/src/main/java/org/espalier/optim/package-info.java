/* SPDX-License-Identifier: Apache-2.0 */
/** Optimizers, learning-rate schedules and gradient clipping. */
package org.espalier.optim;
