/* SPDX-License-Identifier: Apache-2.0 */
/** Recipes: named, checked settings that become a network and a training plan. */
package org.espalier.recipes;
