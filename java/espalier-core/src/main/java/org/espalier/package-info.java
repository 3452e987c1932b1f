/* SPDX-License-Identifier: Apache-2.0 */
/** Espalier: truly sparse neural networks that prune and regrow while they learn. */
package org.espalier;
