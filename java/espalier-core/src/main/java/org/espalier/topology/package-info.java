/* SPDX-License-Identifier: Apache-2.0 */
/** Where the connections are: layer densities, pruning and growing, and when it happens. */
package org.espalier.topology;
