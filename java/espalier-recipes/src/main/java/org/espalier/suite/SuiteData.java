/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.suite;

import java.util.Optional;
import org.espalier.train.SampleSource;

/**
 * The samples of a run, all under the normalisation that it was trained with.
 *
 * @param train what the network was trained on
 * @param held what was held out of the training file by the run, if its test file was left unread
 * @param test what it is judged by
 * @param image whether samples are images, whose features have one range together
 */
public record SuiteData(
    SampleSource train, Optional<SampleSource> held, SampleSource test, boolean image) {}
