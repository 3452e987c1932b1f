/* SPDX-License-Identifier: Apache-2.0 */
/** Layers, parameters, losses and the networks made of them. */
package org.espalier.nn;
