/* SPDX-License-Identifier: Apache-2.0 */
/** Recipes side by side: several seeds, several densities, and the dense twin. */
package org.espalier.compare;
