/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The backend {@code cusparse}: everything as in {@code cuda}, but the sparse products are NVIDIA's
 * cuSPARSE, called through JCusparse. It is there to compare with and to check against, never
 * chosen by {@code auto}.
 *
 * <p>cuSPARSE comes with the CUDA toolkit, not with Espalier; without it this backend refuses and
 * everything else works.
 */
package org.espalier.cuda.vendor;
