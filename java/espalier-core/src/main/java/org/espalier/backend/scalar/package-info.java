/* SPDX-License-Identifier: Apache-2.0 */
/** Plain loops with double accumulation: the oracle every other backend is checked against. */
package org.espalier.backend.scalar;
