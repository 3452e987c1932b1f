/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Readers of the file formats that data sets come in, each also gzipped. Every reader streams its
 * file once, and names the file and the row, column or byte of what it cannot read.
 */
package org.espalier.data.format;
