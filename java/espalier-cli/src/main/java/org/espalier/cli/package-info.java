/* SPDX-License-Identifier: Apache-2.0 */
/** The {@code espalier} command: one class for each subcommand. */
package org.espalier.cli;
