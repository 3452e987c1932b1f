/* SPDX-License-Identifier: Apache-2.0 */
/** How fast each backend operation is, and how far it is from what the machine can do. */
package org.espalier.benchmarks;
