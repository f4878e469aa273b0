/**
 * The study configuration: a folder of YAML, one file per study, validated as a whole, and the pure decisions that follow
 * from it (which tag a series gets, which session a label means, what is expected on a day).
 *
 * <p>{@code docs/study-configuration.md} describes every key. Regular expressions run on RE2/J, whose time is linear in the
 * text: no pattern can hang a service.
 */
@NullMarked
package org.datman.contracts.study;

import org.jspecify.annotations.NullMarked;
