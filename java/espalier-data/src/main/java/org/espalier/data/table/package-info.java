/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Features in memory, as compact as their file: bytes stay bytes, floats stay floats, sparse stays
 * sparse.
 */
package org.espalier.data.table;
