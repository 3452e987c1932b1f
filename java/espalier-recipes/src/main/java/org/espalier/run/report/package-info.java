/* SPDX-License-Identifier: Apache-2.0 */
/** The report of a run: one HTML page without scripts, with charts drawn as inline SVG. */
package org.espalier.run.report;
