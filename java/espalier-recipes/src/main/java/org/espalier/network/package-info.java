/* SPDX-License-Identifier: Apache-2.0 */
/** Published networks of images, each a function from its settings to the plan of its layers. */
package org.espalier.network;
